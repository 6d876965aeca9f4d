from bot.command_line.app import main

main()
