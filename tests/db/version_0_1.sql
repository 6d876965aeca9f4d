BEGIN TRANSACTION;
CREATE TABLE adoptions (
	guild_id BIGINT NOT NULL, 
	pack_id INTEGER NOT NULL, 
	adopted_at DATETIME NOT NULL, 
	adopted_by INTEGER, with_results BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_adoptions PRIMARY KEY (guild_id, pack_id), 
	CONSTRAINT fk_adoptions_adopted_by FOREIGN KEY(adopted_by) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT fk_adoptions_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT fk_adoptions_pack_id FOREIGN KEY(pack_id) REFERENCES packs (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE ballots (
	vote_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	choice VARCHAR(32) NOT NULL, 
	position INTEGER, 
	new_resolves_at DATETIME, 
	link TEXT, 
	words TEXT, 
	cast_at DATETIME NOT NULL, 
	CONSTRAINT pk_ballots PRIMARY KEY (vote_id, member_id), 
	CONSTRAINT fk_ballots_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_ballots_vote_id FOREIGN KEY(vote_id) REFERENCES votes (id) ON DELETE CASCADE, 
	CONSTRAINT ck_ballots_choice CHECK (choice IN ('yes', 'no', 'option', 'accept', 'reject', 'too_early', 'void'))
);
INSERT INTO "ballots" VALUES(1,2,'yes',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(1,3,'yes',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(1,4,'yes',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(3,5,'accept',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(3,6,'accept',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(3,7,'accept',NULL,NULL,NULL,NULL,'2026-03-30 13:00:00.000000');
INSERT INTO "ballots" VALUES(5,9,'yes',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(5,10,'yes',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(5,11,'no',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(6,12,'yes',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(6,13,'yes',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(6,14,'yes',NULL,NULL,NULL,NULL,'2026-03-31 13:00:00.000000');
INSERT INTO "ballots" VALUES(9,17,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(9,18,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(9,19,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(9,20,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(9,21,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(9,22,'no',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(7,23,'yes',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(7,24,'yes',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
INSERT INTO "ballots" VALUES(7,25,'yes',NULL,NULL,NULL,NULL,'2026-04-03 14:00:00.000000');
CREATE TABLE channel_troubles (
	guild_id BIGINT NOT NULL, 
	channel_id BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_channel_troubles PRIMARY KEY (guild_id, channel_id), 
	CONSTRAINT fk_channel_troubles_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE
);
CREATE TABLE crowd_points (
	prediction_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	members INTEGER NOT NULL, 
	"values" JSON NOT NULL, 
	lower JSON NOT NULL, 
	upper JSON NOT NULL, 
	CONSTRAINT pk_crowd_points PRIMARY KEY (prediction_id, at), 
	CONSTRAINT fk_crowd_points_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	member_id INTEGER, 
	at DATETIME NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	from_state VARCHAR(32), 
	to_state VARCHAR(32), 
	words TEXT, 
	data JSON NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT fk_events_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT ck_events_from_state CHECK (from_state IN ('draft', 'open', 'closed', 'voting', 'provisional', 'resolved', 'annulled', 'reopened')), 
	CONSTRAINT ck_events_to_state CHECK (to_state IN ('draft', 'open', 'closed', 'voting', 'provisional', 'resolved', 'annulled', 'reopened'))
);
INSERT INTO "events" VALUES(1,1,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(2,2,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(3,3,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(4,4,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(5,5,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(6,6,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(7,7,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(8,8,1,'2026-03-01 12:00:00.000000','added',NULL,'open',NULL,'{}');
INSERT INTO "events" VALUES(9,1,1,'2026-03-30 12:00:00.000000','proposed',NULL,NULL,NULL,'{"proposal_id": 1, "outcome": "yes", "value": null, "link": null}');
INSERT INTO "events" VALUES(10,1,NULL,'2026-03-30 12:00:00.000000','vote_opened','open','voting',NULL,'{"vote_id": 1, "quorum": 3}');
INSERT INTO "events" VALUES(11,2,1,'2026-03-30 12:00:00.000000','proposed',NULL,NULL,NULL,'{"proposal_id": 2, "outcome": "yes", "value": null, "link": null}');
INSERT INTO "events" VALUES(12,2,NULL,'2026-03-30 12:00:00.000000','vote_opened','open','voting',NULL,'{"vote_id": 2, "quorum": 3}');
INSERT INTO "events" VALUES(13,3,1,'2026-03-30 12:00:00.000000','proposed',NULL,NULL,NULL,'{"proposal_id": 3, "outcome": "value", "value": 41.5, "link": null}');
INSERT INTO "events" VALUES(14,3,NULL,'2026-03-30 12:00:00.000000','vote_opened','open','voting',NULL,'{"vote_id": 3, "quorum": 3}');
INSERT INTO "events" VALUES(15,4,8,'2026-03-30 12:00:00.000000','proposed',NULL,NULL,NULL,'{"proposal_id": 4, "outcome": "value", "value": 7.0, "link": "https://example.org/news"}');
INSERT INTO "events" VALUES(16,4,NULL,'2026-03-31 12:00:00.000000','closed','open','closed',NULL,'{}');
INSERT INTO "events" VALUES(17,5,NULL,'2026-03-31 12:00:00.000000','closed','open','closed',NULL,'{}');
INSERT INTO "events" VALUES(18,6,NULL,'2026-03-31 12:00:00.000000','closed','open','closed',NULL,'{}');
INSERT INTO "events" VALUES(19,7,NULL,'2026-03-31 12:00:00.000000','closed','open','closed',NULL,'{}');
INSERT INTO "events" VALUES(20,8,NULL,'2026-03-31 12:00:00.000000','closed','open','closed',NULL,'{}');
INSERT INTO "events" VALUES(21,4,NULL,'2026-03-31 12:00:00.000000','vote_opened','closed','voting',NULL,'{"vote_id": 4, "quorum": 3}');
INSERT INTO "events" VALUES(22,5,NULL,'2026-03-31 12:00:00.000000','vote_opened','closed','voting',NULL,'{"vote_id": 5, "quorum": 3}');
INSERT INTO "events" VALUES(23,6,NULL,'2026-03-31 12:00:00.000000','vote_opened','closed','voting',NULL,'{"vote_id": 6, "quorum": 3}');
INSERT INTO "events" VALUES(24,7,NULL,'2026-03-31 12:00:00.000000','vote_opened','closed','voting',NULL,'{"vote_id": 7, "quorum": 3}');
INSERT INTO "events" VALUES(25,8,NULL,'2026-03-31 12:00:00.000000','vote_opened','closed','voting',NULL,'{"vote_id": 8, "quorum": 3}');
INSERT INTO "events" VALUES(26,1,NULL,'2026-04-03 12:00:00.000000','provisional','voting','provisional',NULL,'{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 3}], "choice": "yes", "position": null, "new_date": null, "vote_id": 1}');
INSERT INTO "events" VALUES(27,2,NULL,'2026-04-03 12:00:00.000000','vote_extended',NULL,NULL,NULL,'{"vote_id": 2, "verdict": "too_few", "total": 0, "quorum": 3}');
INSERT INTO "events" VALUES(28,3,NULL,'2026-04-03 12:00:00.000000','provisional','voting','provisional',NULL,'{"verdict": "decided", "total": 3, "counts": [{"choice": "accept", "position": null, "count": 3}], "choice": "accept", "position": null, "new_date": null, "vote_id": 3}');
INSERT INTO "events" VALUES(29,4,NULL,'2026-04-03 12:00:00.000000','vote_extended',NULL,NULL,NULL,'{"vote_id": 4, "verdict": "too_few", "total": 0, "quorum": 3}');
INSERT INTO "events" VALUES(30,5,NULL,'2026-04-03 12:00:00.000000','provisional','voting','provisional',NULL,'{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 2}, {"choice": "no", "position": null, "count": 1}], "choice": "yes", "position": null, "new_date": null, "vote_id": 5}');
INSERT INTO "events" VALUES(31,6,NULL,'2026-04-03 12:00:00.000000','provisional','voting','provisional',NULL,'{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 3}], "choice": "yes", "position": null, "new_date": null, "vote_id": 6}');
INSERT INTO "events" VALUES(32,7,NULL,'2026-04-03 12:00:00.000000','vote_extended',NULL,NULL,NULL,'{"vote_id": 7, "verdict": "too_few", "total": 0, "quorum": 3}');
INSERT INTO "events" VALUES(33,8,NULL,'2026-04-03 12:00:00.000000','vote_extended',NULL,NULL,NULL,'{"vote_id": 8, "verdict": "too_few", "total": 0, "quorum": 3}');
INSERT INTO "events" VALUES(34,6,15,'2026-04-03 13:00:00.000000','objected',NULL,NULL,'Wrong.','{"vote_id": 6}');
INSERT INTO "events" VALUES(35,6,16,'2026-04-03 13:00:00.000000','objected',NULL,NULL,'Wrong.','{"vote_id": 6}');
INSERT INTO "events" VALUES(36,6,NULL,'2026-04-03 13:00:00.000000','second_round','provisional','voting',NULL,'{"vote_id": 9, "quorum": 6}');
CREATE TABLE forecasts (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	member_id INTEGER, 
	source_id INTEGER, 
	"values" JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_forecasts PRIMARY KEY (id), 
	CONSTRAINT ck_forecasts_one_forecaster CHECK ((member_id IS NULL) <> (source_id IS NULL)), 
	CONSTRAINT ck_forecasts_ends_after_it_begins CHECK (ended_at IS NULL OR ended_at >= created_at), 
	CONSTRAINT fk_forecasts_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_forecasts_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_forecasts_source_id FOREIGN KEY(source_id) REFERENCES sources (id) ON DELETE CASCADE
);
CREATE TABLE guilds (
	id BIGINT NOT NULL, 
	joined_at DATETIME NOT NULL, 
	left_at DATETIME, 
	next_code INTEGER NOT NULL, 
	post_channel_id BIGINT, 
	manager_role_id BIGINT, 
	voter_role_id BIGINT, 
	zone VARCHAR(64) NOT NULL, 
	members_may_add BOOLEAN NOT NULL, 
	is_blind BOOLEAN NOT NULL, 
	hides_author BOOLEAN NOT NULL, 
	reveal_at_count INTEGER, 
	reveal_at DATETIME, 
	reminder_days JSON NOT NULL, 
	quiet_from_minute INTEGER, 
	quiet_to_minute INTEGER, 
	open_votes_limit INTEGER NOT NULL, 
	vote_hours INTEGER NOT NULL, 
	quorum_least INTEGER NOT NULL, 
	quorum_share DOUBLE NOT NULL, 
	quorum_most INTEGER NOT NULL, 
	majority_share DOUBLE NOT NULL, 
	ballots_are_secret BOOLEAN NOT NULL, 
	objection_hours INTEGER NOT NULL, 
	voter_hours INTEGER NOT NULL, 
	undecided_days INTEGER NOT NULL, 
	interested_override BOOLEAN NOT NULL, contact_id BIGINT, 
	CONSTRAINT pk_guilds PRIMARY KEY (id)
);
INSERT INTO "guilds" VALUES(1001,'2026-03-01 12:00:00.000000',NULL,9,77,NULL,NULL,'UTC',1,1,0,NULL,NULL,'[30, 7, 1, 0]',1320,480,20,72,3,0.25,25,6.66666666666666629659e-01,1,24,24,14,1,NULL);
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	member_id INTEGER, 
	pack_id INTEGER, 
	file TEXT NOT NULL, 
	slug TEXT NOT NULL, 
	keeps_ids BOOLEAN NOT NULL, 
	document JSON NOT NULL, 
	edits JSON NOT NULL, 
	warnings JSON NOT NULL, 
	"before" JSON, 
	created_at DATETIME NOT NULL, 
	confirmed_at DATETIME, 
	undone_at DATETIME, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT fk_imports_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT fk_imports_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT fk_imports_pack_id FOREIGN KEY(pack_id) REFERENCES packs (id) ON DELETE SET NULL
);
CREATE TABLE ladder_steps (
	prediction_id INTEGER NOT NULL, 
	resolves_at DATETIME NOT NULL, 
	days INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	outbox_id INTEGER, 
	dropped TEXT, 
	CONSTRAINT pk_ladder_steps PRIMARY KEY (prediction_id, resolves_at, days), 
	CONSTRAINT fk_ladder_steps_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id) ON DELETE CASCADE, 
	CONSTRAINT fk_ladder_steps_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
INSERT INTO "ladder_steps" VALUES(1,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(1,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(2,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(2,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(3,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(3,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(4,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(4,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(5,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(5,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(6,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(6,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(7,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(7,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(8,'2026-03-31 12:00:00.000000',7,'2026-03-24 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(8,'2026-03-31 12:00:00.000000',1,'2026-03-30 12:00:00.000000',NULL,'the step of 0 days has come as well');
INSERT INTO "ladder_steps" VALUES(1,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(2,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(3,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(4,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(5,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(6,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(7,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
INSERT INTO "ladder_steps" VALUES(8,'2026-03-31 12:00:00.000000',0,'2026-03-31 12:00:00.000000',11,NULL);
CREATE TABLE members (
	id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	user_id BIGINT, 
	name VARCHAR(100), 
	created_at DATETIME NOT NULL, 
	forgotten_at DATETIME, 
	CONSTRAINT pk_members PRIMARY KEY (id), 
	CONSTRAINT fk_members_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT uq_members_guild_id_user_id UNIQUE (guild_id, user_id)
);
INSERT INTO "members" VALUES(1,1001,5001,'mona','2026-03-01 12:00:00.000000',NULL);
INSERT INTO "members" VALUES(2,1001,5002,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(3,1001,5003,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(4,1001,5004,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(5,1001,5005,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(6,1001,5006,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(7,1001,5007,'vera','2026-03-30 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(8,1001,5008,'ada','2026-03-30 12:00:00.000000',NULL);
INSERT INTO "members" VALUES(9,1001,5009,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(10,1001,5010,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(11,1001,5011,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(12,1001,5012,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(13,1001,5013,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(14,1001,5014,'vera','2026-03-31 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(15,1001,5015,'vera','2026-04-03 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(16,1001,5016,'vera','2026-04-03 13:00:00.000000',NULL);
INSERT INTO "members" VALUES(17,1001,5017,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(18,1001,5018,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(19,1001,5019,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(20,1001,5020,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(21,1001,5021,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(22,1001,5022,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(23,1001,5023,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(24,1001,5024,'vera','2026-04-03 14:00:00.000000',NULL);
INSERT INTO "members" VALUES(25,1001,5025,'vera','2026-04-03 14:00:00.000000',NULL);
CREATE TABLE objections (
	vote_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_objections PRIMARY KEY (vote_id, member_id), 
	CONSTRAINT fk_objections_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_objections_vote_id FOREIGN KEY(vote_id) REFERENCES votes (id) ON DELETE CASCADE
);
INSERT INTO "objections" VALUES(6,15,'Wrong.','2026-04-03 13:00:00.000000');
INSERT INTO "objections" VALUES(6,16,'Wrong.','2026-04-03 13:00:00.000000');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	guild_id BIGINT, 
	kind VARCHAR(32) NOT NULL, 
	dedupe_key VARCHAR(120), 
	payload JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	claimed_until DATETIME, 
	attempts INTEGER NOT NULL, 
	sent_at DATETIME, 
	channel_id BIGINT, 
	message_id BIGINT, 
	buried_at DATETIME, 
	failed_reason TEXT, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outbox_dedupe_key UNIQUE (dedupe_key)
);
INSERT INTO "outbox" VALUES(1,1001,'vote',NULL,'{"prediction_id": 1, "vote_id": 1}','2026-03-30 12:00:00.000000','2026-03-30 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(2,1001,'refresh_vote','refresh_vote:1','{"prediction_id": 1, "vote_id": 1}','2026-03-30 13:00:05.000000','2026-03-30 13:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(3,1001,'vote',NULL,'{"prediction_id": 2, "vote_id": 2}','2026-03-30 12:00:00.000000','2026-03-30 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,1001,'vote',NULL,'{"prediction_id": 3, "vote_id": 3}','2026-03-30 12:00:00.000000','2026-03-30 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(5,1001,'refresh_vote','refresh_vote:3','{"prediction_id": 3, "vote_id": 3}','2026-03-30 13:00:05.000000','2026-03-30 13:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(6,1001,'vote',NULL,'{"prediction_id": 4, "vote_id": 4}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(7,1001,'vote',NULL,'{"prediction_id": 5, "vote_id": 5}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(8,1001,'vote',NULL,'{"prediction_id": 6, "vote_id": 6}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(9,1001,'vote',NULL,'{"prediction_id": 7, "vote_id": 7}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(10,1001,'vote',NULL,'{"prediction_id": 8, "vote_id": 8}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(11,1001,'ladder','ladder:77:0','{"channel_id": 77, "days": 0}','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(12,1001,'refresh_vote','refresh_vote:5','{"prediction_id": 5, "vote_id": 5}','2026-03-31 13:00:05.000000','2026-03-31 13:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(13,1001,'refresh_vote','refresh_vote:6','{"prediction_id": 6, "vote_id": 6}','2026-03-31 13:00:05.000000','2026-03-31 13:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(14,1001,'vote_news',NULL,'{"vote_ids": [1], "what": "provisional"}','2026-04-03 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(15,1001,'refresh_vote','refresh_vote:2','{"prediction_id": 2, "vote_id": 2}','2026-04-03 12:00:05.000000','2026-04-03 12:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(16,1001,'vote_news',NULL,'{"vote_ids": [3], "what": "provisional"}','2026-04-03 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(17,1001,'refresh_vote','refresh_vote:4','{"prediction_id": 4, "vote_id": 4}','2026-04-03 12:00:05.000000','2026-04-03 12:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(18,1001,'vote_news',NULL,'{"vote_ids": [5], "what": "provisional"}','2026-04-03 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(19,1001,'vote_news',NULL,'{"vote_ids": [6], "what": "provisional"}','2026-04-03 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(20,1001,'refresh_vote','refresh_vote:7','{"prediction_id": 7, "vote_id": 7}','2026-04-03 12:00:05.000000','2026-04-03 12:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(21,1001,'refresh_vote','refresh_vote:8','{"prediction_id": 8, "vote_id": 8}','2026-04-03 12:00:05.000000','2026-04-03 12:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(22,1001,'vote_news',NULL,'{"vote_ids": [2, 4, 7, 8], "what": "extended"}','2026-04-03 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(23,1001,'vote',NULL,'{"prediction_id": 6, "vote_id": 9}','2026-04-03 13:00:00.000000','2026-04-03 13:00:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(24,1001,'refresh_vote','refresh_vote:9','{"prediction_id": 6, "vote_id": 9}','2026-04-03 14:00:05.000000','2026-04-03 14:00:05.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE packs (
	id INTEGER NOT NULL, 
	guild_id BIGINT, 
	slug VARCHAR(64) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	document JSON NOT NULL, 
	loaded_at DATETIME NOT NULL, 
	CONSTRAINT pk_packs PRIMARY KEY (id), 
	CONSTRAINT fk_packs_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT uq_packs_guild_id_slug UNIQUE (guild_id, slug)
);
CREATE TABLE posted_cards (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	thread_id BIGINT, 
	is_home BOOLEAN NOT NULL, 
	posted_at DATETIME NOT NULL, 
	edited_at DATETIME NOT NULL, 
	lost_at DATETIME, 
	CONSTRAINT pk_posted_cards PRIMARY KEY (id), 
	CONSTRAINT fk_posted_cards_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_posted_cards_message_id UNIQUE (message_id)
);
CREATE TABLE prediction_options (
	prediction_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	CONSTRAINT pk_prediction_options PRIMARY KEY (prediction_id, position), 
	CONSTRAINT fk_prediction_options_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE prediction_revisions (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	statement TEXT NOT NULL, 
	criteria TEXT, 
	replaced_at DATETIME NOT NULL, 
	replaced_by INTEGER, 
	is_clarification BOOLEAN NOT NULL, 
	CONSTRAINT pk_prediction_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_prediction_revisions_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_prediction_revisions_replaced_by FOREIGN KEY(replaced_by) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT uq_prediction_revisions_prediction_id_number UNIQUE (prediction_id, number)
);
CREATE TABLE prediction_tags (
	prediction_id INTEGER NOT NULL, 
	tag VARCHAR(40) NOT NULL, 
	guild_id BIGINT NOT NULL, 
	CONSTRAINT pk_prediction_tags PRIMARY KEY (prediction_id, tag), 
	CONSTRAINT fk_prediction_tags_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT fk_prediction_tags_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE predictions (
	id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	code INTEGER NOT NULL, 
	pack_id INTEGER, 
	source_id INTEGER, 
	"key" VARCHAR(64), 
	author_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	statement TEXT NOT NULL, 
	criteria TEXT, 
	details JSON NOT NULL, 
	unit TEXT, 
	link TEXT, 
	revision INTEGER NOT NULL, 
	parent_id INTEGER, 
	relation VARCHAR(32), 
	created_at DATETIME NOT NULL, 
	opens_at DATETIME NOT NULL, 
	closes_at DATETIME, 
	resolves_at DATETIME, 
	strict_resolves_at DATETIME, 
	closed_at DATETIME, 
	outcome VARCHAR(16), 
	outcome_value DOUBLE, 
	resolved_at DATETIME, 
	forecasters INTEGER NOT NULL, next_step_at DATETIME, result_channel_id BIGINT, result_message_id BIGINT, scored_at DATETIME, 
	CONSTRAINT pk_predictions PRIMARY KEY (id), 
	CONSTRAINT ck_predictions_parent_with_relation CHECK (parent_id IS NULL OR relation IS NOT NULL), 
	CONSTRAINT ck_predictions_closes_before_resolving CHECK (closes_at IS NULL OR resolves_at IS NULL OR closes_at <= resolves_at), 
	CONSTRAINT fk_predictions_author_id FOREIGN KEY(author_id) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT fk_predictions_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT fk_predictions_pack_id FOREIGN KEY(pack_id) REFERENCES packs (id) ON DELETE SET NULL, 
	CONSTRAINT fk_predictions_parent_id FOREIGN KEY(parent_id) REFERENCES predictions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_predictions_source_id FOREIGN KEY(source_id) REFERENCES sources (id) ON DELETE SET NULL, 
	CONSTRAINT uq_predictions_guild_id_code UNIQUE (guild_id, code), 
	CONSTRAINT uq_predictions_guild_id_pack_id_key UNIQUE (guild_id, pack_id, "key"), 
	CONSTRAINT ck_predictions_kind CHECK (kind IN ('binary', 'multiple_choice', 'numeric', 'date')), 
	CONSTRAINT ck_predictions_state CHECK (state IN ('draft', 'open', 'closed', 'voting', 'provisional', 'resolved', 'annulled', 'reopened')), 
	CONSTRAINT ck_predictions_relation CHECK (relation IN ('conditional', 'requires', 'instance', 'consequence'))
);
INSERT INTO "predictions" VALUES(1,1001,1,NULL,NULL,NULL,1,'binary','provisional','Prediction 1 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-30 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(2,1001,2,NULL,NULL,NULL,1,'binary','voting','Prediction 2 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-30 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(3,1001,3,NULL,NULL,NULL,1,'numeric','provisional','Prediction 3 of version 0.1',NULL,'{}','USD',NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-30 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(4,1001,4,NULL,NULL,NULL,1,'numeric','voting','Prediction 4 of version 0.1',NULL,'{}','USD',NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-31 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(5,1001,5,NULL,NULL,NULL,1,'binary','provisional','Prediction 5 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-31 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(6,1001,6,NULL,NULL,NULL,1,'binary','voting','Prediction 6 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-31 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(7,1001,7,NULL,NULL,NULL,1,'binary','voting','Prediction 7 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-31 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "predictions" VALUES(8,1001,8,NULL,NULL,NULL,1,'binary','voting','Prediction 8 of version 0.1',NULL,'{}',NULL,NULL,1,NULL,NULL,'2026-03-01 12:00:00.000000','2026-03-01 12:00:00.000000','2026-03-31 12:00:00.000000','2026-03-31 12:00:00.000000',NULL,'2026-03-31 12:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
CREATE TABLE proposals (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	member_id INTEGER, 
	outcome VARCHAR(16) NOT NULL, 
	outcome_value DOUBLE, 
	link TEXT, 
	words TEXT, 
	created_at DATETIME NOT NULL, 
	seconded_by INTEGER, 
	closed_at DATETIME, 
	CONSTRAINT pk_proposals PRIMARY KEY (id), 
	CONSTRAINT fk_proposals_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE SET NULL, 
	CONSTRAINT fk_proposals_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_proposals_seconded_by FOREIGN KEY(seconded_by) REFERENCES members (id) ON DELETE SET NULL
);
INSERT INTO "proposals" VALUES(1,1,1,'yes',NULL,NULL,NULL,'2026-03-30 12:00:00.000000',1,NULL);
INSERT INTO "proposals" VALUES(2,2,1,'yes',NULL,NULL,NULL,'2026-03-30 12:00:00.000000',1,NULL);
INSERT INTO "proposals" VALUES(3,3,1,'value',41.5,NULL,NULL,'2026-03-30 12:00:00.000000',1,NULL);
INSERT INTO "proposals" VALUES(4,4,8,'value',7.0,'https://example.org/news',NULL,'2026-03-30 12:00:00.000000',NULL,NULL);
CREATE TABLE reasons (
	forecast_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	posted_at DATETIME, 
	CONSTRAINT pk_reasons PRIMARY KEY (forecast_id), 
	CONSTRAINT fk_reasons_forecast_id FOREIGN KEY(forecast_id) REFERENCES forecasts (id) ON DELETE CASCADE
);
CREATE TABLE reminders (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	before_days DOUBLE, 
	at_home BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	CONSTRAINT pk_reminders PRIMARY KEY (id), 
	CONSTRAINT fk_reminders_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reminders_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE scores (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	member_id INTEGER, 
	source_id INTEGER, 
	coverage DOUBLE NOT NULL, 
	presence DOUBLE NOT NULL, 
	mean_values JSON NOT NULL, 
	brier DOUBLE, 
	log DOUBLE, 
	baseline DOUBLE, 
	peer DOUBLE, 
	wis DOUBLE, 
	spot_brier DOUBLE, 
	spot_log DOUBLE, 
	spot_baseline DOUBLE, 
	spot_peer DOUBLE, 
	spot_wis DOUBLE, 
	computed_at DATETIME NOT NULL, 
	CONSTRAINT pk_scores PRIMARY KEY (id), 
	CONSTRAINT ck_scores_one_forecaster CHECK (member_id IS NULL OR source_id IS NULL), 
	CONSTRAINT fk_scores_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_scores_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_scores_source_id FOREIGN KEY(source_id) REFERENCES sources (id) ON DELETE CASCADE, 
	CONSTRAINT uq_scores_prediction_id_member_id UNIQUE (prediction_id, member_id)
);
CREATE TABLE search_vocabulary (
	guild_id BIGINT NOT NULL, 
	word VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_search_vocabulary PRIMARY KEY (guild_id, word), 
	CONSTRAINT fk_search_vocabulary_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE
);
CREATE TABLE search_words (
	guild_id BIGINT NOT NULL, 
	word VARCHAR(40) NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	CONSTRAINT pk_search_words PRIMARY KEY (guild_id, word, prediction_id), 
	CONSTRAINT fk_search_words_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (id) ON DELETE CASCADE, 
	CONSTRAINT fk_search_words_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE skips (
	member_id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	skipped_at DATETIME NOT NULL, 
	CONSTRAINT pk_skips PRIMARY KEY (member_id, prediction_id), 
	CONSTRAINT fk_skips_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE, 
	CONSTRAINT fk_skips_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);
CREATE TABLE sources (
	id INTEGER NOT NULL, 
	pack_id INTEGER NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	authors JSON NOT NULL, 
	written VARCHAR(10), 
	saved DATE, 
	url TEXT, 
	is_truncated BOOLEAN NOT NULL, 
	notes TEXT, 
	CONSTRAINT pk_sources PRIMARY KEY (id), 
	CONSTRAINT fk_sources_pack_id FOREIGN KEY(pack_id) REFERENCES packs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sources_pack_id UNIQUE (pack_id)
);
CREATE TABLE users (
	id BIGINT NOT NULL, 
	zone VARCHAR(64), 
	nudge_stale BOOLEAN NOT NULL, 
	nudge_closing BOOLEAN NOT NULL, 
	nudge_votes BOOLEAN NOT NULL, 
	nudge_results BOOLEAN NOT NULL, 
	shows_calibration BOOLEAN NOT NULL, 
	last_digest_at DATETIME, next_digest_at DATETIME, unreachable_at DATETIME, 
	CONSTRAINT pk_users PRIMARY KEY (id)
);
CREATE TABLE votes (
	id INTEGER NOT NULL, 
	prediction_id INTEGER NOT NULL, 
	proposal_id INTEGER, 
	round INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	closes_at DATETIME NOT NULL, 
	extended_at DATETIME, 
	ended_at DATETIME, 
	rule JSON NOT NULL, 
	result JSON, channel_id BIGINT, message_id BIGINT, 
	CONSTRAINT pk_votes PRIMARY KEY (id), 
	CONSTRAINT fk_votes_prediction_id FOREIGN KEY(prediction_id) REFERENCES predictions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_votes_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposals (id) ON DELETE SET NULL, 
	CONSTRAINT ck_votes_votestate CHECK (state IN ('open', 'decided', 'handed_over', 'cancelled'))
);
INSERT INTO "votes" VALUES(1,1,1,1,'decided','2026-03-30 12:00:00.000000','2026-04-04 12:00:00.000000',NULL,NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 3}], "choice": "yes", "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(2,2,2,1,'open','2026-03-30 12:00:00.000000','2026-04-06 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "too_few", "total": 0, "counts": [], "choice": null, "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(3,3,3,1,'decided','2026-03-30 12:00:00.000000','2026-04-04 12:00:00.000000',NULL,NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "decided", "total": 3, "counts": [{"choice": "accept", "position": null, "count": 3}], "choice": "accept", "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(4,4,4,1,'open','2026-03-31 12:00:00.000000','2026-04-06 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "too_few", "total": 0, "counts": [], "choice": null, "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(5,5,NULL,1,'decided','2026-03-31 12:00:00.000000','2026-04-04 12:00:00.000000',NULL,NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 2}, {"choice": "no", "position": null, "count": 1}], "choice": "yes", "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(6,6,NULL,1,'decided','2026-03-31 12:00:00.000000','2026-04-04 12:00:00.000000',NULL,'2026-04-03 13:00:00.000000','{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "decided", "total": 3, "counts": [{"choice": "yes", "position": null, "count": 3}], "choice": "yes", "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(7,7,NULL,1,'open','2026-03-31 12:00:00.000000','2026-04-06 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "too_few", "total": 0, "counts": [], "choice": null, "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(8,8,NULL,1,'open','2026-03-31 12:00:00.000000','2026-04-06 12:00:00.000000','2026-04-03 12:00:00.000000',NULL,'{"quorum": 3, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}','{"verdict": "too_few", "total": 0, "counts": [], "choice": null, "position": null, "new_date": null}',NULL,NULL);
INSERT INTO "votes" VALUES(9,6,NULL,2,'open','2026-04-03 13:00:00.000000','2026-04-06 13:00:00.000000',NULL,NULL,'{"quorum": 6, "majority": 0.6666666666666666, "hours": 72, "objection_hours": 24, "undecided_days": 14, "is_secret": true, "voter_role_id": null, "voter_hours": 24}',NULL,NULL,NULL);
CREATE INDEX ix_members_user_id ON members (user_id);
CREATE INDEX ix_outbox_due ON outbox (sent_at, buried_at, due_at);
CREATE INDEX ix_outbox_guild_id ON outbox (guild_id);
CREATE UNIQUE INDEX uq_packs_slug_shared ON packs (slug) WHERE guild_id IS NULL;
CREATE INDEX ix_predictions_guild_state_resolves ON predictions (guild_id, state, resolves_at);
CREATE INDEX ix_predictions_pack_id ON predictions (pack_id);
CREATE INDEX ix_predictions_parent_id ON predictions (parent_id);
CREATE INDEX ix_predictions_state_closes ON predictions (state, closes_at);
CREATE INDEX ix_events_prediction ON events (prediction_id, id);
CREATE INDEX ix_forecasts_member_created ON forecasts (member_id, created_at);
CREATE INDEX ix_forecasts_prediction_created ON forecasts (prediction_id, created_at, id);
CREATE UNIQUE INDEX uq_forecasts_standing_member ON forecasts (prediction_id, member_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_forecasts_standing_source ON forecasts (prediction_id, source_id) WHERE ended_at IS NULL;
CREATE INDEX ix_posted_cards_prediction ON posted_cards (prediction_id, is_home);
CREATE INDEX ix_prediction_tags_guild_tag ON prediction_tags (guild_id, tag, prediction_id);
CREATE INDEX ix_proposals_prediction ON proposals (prediction_id, closed_at);
CREATE INDEX ix_reminders_member ON reminders (member_id, closed_at);
CREATE INDEX ix_reminders_open ON reminders (closed_at, due_at);
CREATE INDEX ix_search_words_prediction_id ON search_words (prediction_id);
CREATE INDEX ix_votes_state_closes ON votes (state, closes_at);
CREATE UNIQUE INDEX uq_votes_one_open ON votes (prediction_id) WHERE state = 'open';
CREATE INDEX ix_users_next_digest_at ON users (next_digest_at);
CREATE INDEX ix_predictions_next_step ON predictions (next_step_at, guild_id);
CREATE INDEX ix_ladder_steps_outbox_id ON ladder_steps (outbox_id);
CREATE INDEX ix_scores_member ON scores (member_id);
CREATE INDEX ix_predictions_unscored ON predictions (id) WHERE state = 'resolved' AND scored_at IS NULL;
CREATE INDEX ix_imports_member ON imports (member_id, confirmed_at);
CREATE INDEX ix_imports_pack ON imports (pack_id, confirmed_at);
CREATE INDEX ix_imports_created ON imports (created_at);
COMMIT;
