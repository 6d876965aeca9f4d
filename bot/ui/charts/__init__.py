"""Pictures. `data` says what is drawn and `words` its alt text; both are light. Everything else imports matplotlib, which takes
seconds, and is only ever imported by the drawing thread, through `pictures.draw`."""
