CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE members (
        member_id TEXT PRIMARY KEY,
        locale TEXT NOT NULL
      ) STRICT;
CREATE TABLE links (
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        linked_at INTEGER NOT NULL,
        linked_by TEXT NOT NULL, asleep_since INTEGER, greeting TEXT NOT NULL DEFAULT 'none',
        PRIMARY KEY (member_id, account_id)
      ) STRICT;
CREATE INDEX links_by_account ON links (account_id);
CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('unlock', 'reset', 'link')),
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'done', 'failed', 'denied', 'cancelled', 'expired')),
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        admin_account INTEGER NOT NULL,
        snapshot TEXT,
        place_channel_id TEXT,
        created_at INTEGER NOT NULL,
        reminded_at INTEGER,
        decided_at INTEGER,
        decided_by TEXT,
        ended_at INTEGER,
        reason TEXT,
        failure TEXT,
        delivery TEXT CHECK (delivery IN ('dm', 'button', 'answer')),
        card_channel_id TEXT,
        card_message_id TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        card_version INTEGER,
        wants_card INTEGER NOT NULL,
        notice_channel_id TEXT,
        notice_message_id TEXT,
        word TEXT CHECK (word IN ('due', 'told', 'place', 'next')),
        attempts INTEGER NOT NULL DEFAULT 0
      , links INTEGER NOT NULL DEFAULT 0, offered_id TEXT) STRICT;
CREATE UNIQUE INDEX one_open_request ON requests (member_id, account_id, kind) WHERE state IN ('pending', 'approved');
CREATE INDEX requests_by_state ON requests (state);
CREATE INDEX requests_by_member ON requests (member_id, created_at);
CREATE TABLE temp_passwords (
        request_id INTEGER PRIMARY KEY REFERENCES requests (id),
        account_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        shown_at INTEGER,
        expires_at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        ended_at INTEGER,
        end TEXT
      , mark_id INTEGER, mark_at INTEGER, base_sign_in INTEGER, used_at INTEGER, blind INTEGER NOT NULL DEFAULT 0, retiring_at INTEGER, scrub TEXT, scrubbed_at INTEGER) STRICT;
CREATE INDEX temp_passwords_by_account ON temp_passwords (account_id);
CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor_id TEXT NOT NULL,
        act TEXT NOT NULL,
        outcome TEXT NOT NULL,
        account_id TEXT,
        account_name TEXT,
        member_id TEXT,
        request_id INTEGER,
        detail TEXT
      ) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE TABLE rescues (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        actor_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        channel_id TEXT NOT NULL,
        message_id TEXT,
        ended_at INTEGER,
        outcome TEXT
      ) STRICT;
CREATE TABLE account_words (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_key TEXT NOT NULL,
        account_name TEXT NOT NULL,
        to_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        mark TEXT NOT NULL,
        file TEXT,
        sent_at INTEGER NOT NULL,
        expires_at INTEGER,
        channel_id TEXT,
        message_id TEXT,
        ended_at INTEGER
      ) STRICT;
CREATE INDEX account_words_by_account ON account_words (account_key, to_id, sent_at);
CREATE INDEX temp_passwords_outstanding ON temp_passwords (request_id)
        WHERE shown_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX temp_passwords_to_scrub ON temp_passwords (request_id)
        WHERE scrub IS NOT NULL AND scrubbed_at IS NULL;
CREATE TABLE temp_password_words (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id INTEGER NOT NULL REFERENCES temp_passwords (request_id),
        kind TEXT NOT NULL CHECK (kind IN ('reminder 1', 'reminder 2', 'end')),
        way TEXT NOT NULL CHECK (way IN ('due', 'told', 'place', 'next', 'moot')),
        attempts INTEGER NOT NULL DEFAULT 0,
        channel_id TEXT,
        message_id TEXT,
        UNIQUE (request_id, kind)
      ) STRICT;
CREATE INDEX temp_password_words_open ON temp_password_words (way) WHERE way <> 'moot';
CREATE TABLE paced (
        whose TEXT NOT NULL,
        act TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
CREATE INDEX paced_by_act ON paced (whose, act, at);
CREATE TABLE log_position (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        entry_id INTEGER NOT NULL,
        entry_date TEXT NOT NULL
      ) STRICT;
CREATE TABLE lockout_cards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        begun_at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER
      ) STRICT;
CREATE TABLE lockouts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('seen', 'locked', 'ended')),
        locked_at INTEGER NOT NULL,
        tries TEXT NOT NULL,
        address TEXT,
        owners TEXT,
        card_id INTEGER REFERENCES lockout_cards (id),
        ended_at INTEGER,
        end TEXT,
        unlocked_by TEXT
      , admin_account INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX lockouts_by_account ON lockouts (account_id);
CREATE INDEX lockouts_by_card ON lockouts (card_id);
CREATE INDEX account_words_by_message ON account_words (message_id);
CREATE INDEX account_words_by_mark ON account_words (mark);
CREATE TABLE link_news (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        member_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        new_name TEXT,
        at INTEGER NOT NULL,
        batch INTEGER,
        told_at INTEGER
      ) STRICT;
CREATE INDEX link_news_untold ON link_news (id) WHERE told_at IS NULL;
CREATE TABLE link_proofs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        device_id TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        account_id TEXT,
        account_name TEXT,
        word TEXT,
        signed_out_at INTEGER
      ) STRICT;
CREATE INDEX link_proofs_unsettled ON link_proofs (id) WHERE signed_out_at IS NULL OR word = 'due';
CREATE TABLE word_preferences (
        member_id TEXT PRIMARY KEY,
        lockouts INTEGER NOT NULL
      ) STRICT;
CREATE TABLE history_views (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        actor_id TEXT NOT NULL,
        account_id TEXT,
        account_name TEXT,
        member_id TEXT,
        newest_id INTEGER NOT NULL,
        made_at INTEGER NOT NULL
      ) STRICT;
CREATE TABLE sign_in_days (
        day TEXT PRIMARY KEY,
        failed INTEGER NOT NULL DEFAULT 0,
        locked INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_account ON audit (account_id);
CREATE INDEX audit_by_member ON audit (member_id);
CREATE INDEX audit_by_actor ON audit (actor_id);
CREATE TABLE standing_cards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel_id TEXT NOT NULL UNIQUE,
        message_id TEXT,
        generation INTEGER NOT NULL DEFAULT 1,
        drawn TEXT,
        sent_at INTEGER,
        edited_at INTEGER,
        left_message_id TEXT
      , removing INTEGER NOT NULL DEFAULT 0, to_pin INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX one_lockout_in_state ON lockouts (account_id, state) WHERE state IN ('seen', 'locked');
CREATE TABLE "denials" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        lockout_id INTEGER NOT NULL REFERENCES lockouts (id),
        at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        signed_out_by TEXT,
        signed_out_at INTEGER,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER,
        UNIQUE (lockout_id, member_id)
      ) STRICT;
CREATE TABLE owner_notices (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id INTEGER NOT NULL REFERENCES requests (id),
        member_id TEXT NOT NULL,
        way TEXT NOT NULL DEFAULT 'due' CHECK (way IN ('due', 'told', 'next', 'moot')),
        told_state TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        UNIQUE (request_id, member_id)
      ) STRICT;
CREATE INDEX owner_notices_open ON owner_notices (request_id) WHERE way <> 'moot';
INSERT INTO migrations VALUES ('001-first-tables', {-92656225});
INSERT INTO migrations VALUES ('002-rescues', {-92656222});
INSERT INTO migrations VALUES ('003-account-words', {-92656207});
INSERT INTO migrations VALUES ('004-temp-passwords', {-92656200});
INSERT INTO migrations VALUES ('005-lockouts', {-92656195});
INSERT INTO migrations VALUES ('006-linking', {-92656182});
INSERT INTO migrations VALUES ('007-history', {-92656174});
INSERT INTO migrations VALUES ('008-standing-cards', {-92656163});
INSERT INTO migrations VALUES ('009-lockouts-again', {-92656160});
INSERT INTO migrations VALUES ('010-standing-cards-removing', {-92656143});
INSERT INTO migrations VALUES ('011-owner-notices', {-92656131});
INSERT INTO migrations VALUES ('012-standing-cards-pin', {-92656130});
INSERT INTO links VALUES ('{lockoutTold}', '{account lockoutTold}', 'lockoutTold', {-92654524}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{lockoutCut}', '{account lockoutCut}', 'lockoutCut', {-92654417}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{endDue}', '{account endDue}', 'endDue', {-92651304}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{endCut}', '{account endCut}', 'endCut', {-92651117}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{endTold}', '{account endTold}', 'endTold', {-92650932}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{usedDue}', '{account usedDue}', 'usedDue', {-92650653}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{usedTold}', '{account usedTold}', 'usedTold', {-92650439}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{endAnnounced}', '{account endAnnounced}', 'endAnnounced', {-92650261}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{endUnreachable}', '{account endUnreachable}', 'endUnreachable', {-92639806}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{remindedDue}', '{account remindedDue}', 'remindedDue', {-45829124}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{remindedCut}', '{account remindedCut}', 'remindedCut', {-45828979}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{remindedTold}', '{account remindedTold}', 'remindedTold', {-45828800}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{remindedAnnounced}', '{account remindedAnnounced}', 'remindedAnnounced', {-45828552}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{remindedUnreachable}', '{account remindedUnreachable}', 'remindedUnreachable', {-45818248}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{ownerDue}', '{account ownerDue}', 'ownerDue', {-800460}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{ownerCut}', '{account ownerCut}', 'ownerCut', {-799719}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{ownerTold}', '{account ownerTold}', 'ownerTold', {-799184}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{ownerUnreachable}', '{account ownerUnreachable}', 'ownerUnreachable', {-798566}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{strangerAtownerDue}', '{account ownerDue}', 'ownerDue', {-797385}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{strangerAtownerCut}', '{account ownerCut}', 'ownerCut', {-786199}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{strangerAtownerTold}', '{account ownerTold}', 'ownerTold', {-774868}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{strangerAtownerUnreachable}', '{account ownerUnreachable}', 'ownerUnreachable', {-764182}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{outcomeDue}', '{account outcomeDue}', 'outcomeDue', {-754038}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{outcomeCut}', '{account outcomeCut}', 'outcomeCut', {-750609}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{outcomeTold}', '{account outcomeTold}', 'outcomeTold', {-744670}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{outcomeAnnounced}', '{account outcomeAnnounced}', 'outcomeAnnounced', {-740280}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{outcomeUnreachable}', '{account outcomeUnreachable}', 'outcomeUnreachable', {-735136}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{deniedDue}', '{account deniedDue}', 'deniedDue', {-730954}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{buttonAnnounced}', '{account buttonAnnounced}', 'buttonAnnounced', {-726778}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{buttonUnreachable}', '{account buttonUnreachable}', 'buttonUnreachable', {-721222}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{waiting}', '{account waiting}', 'waiting', {-715162}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{greetingDue}', '{account greetingDue}', 'greetingDue', {-41629}, '{dad}', NULL, 'due');
INSERT INTO links VALUES ('{greetingCut}', '{account greetingCut}', 'greetingCut', {-36643}, '{dad}', NULL, 'due');
INSERT INTO links VALUES ('{greetingUnreachable}', '{account greetingUnreachable}', 'greetingUnreachable', {-29280}, '{dad}', NULL, 'next');
INSERT INTO links VALUES ('{greetingTold}', '{account greetingTold}', 'greetingTold', {-22024}, '{dad}', NULL, 'told');
INSERT INTO links VALUES ('{newsTold}', '{account newsTold}', 'newsTold', {-14641}, '{dad}', {7740}, 'told');
INSERT INTO links VALUES ('{newsCut}', '{account newsCut}', 'newsCut', {-7327}, '{dad}', {16693}, 'told');
INSERT INTO links VALUES ('{newsNew}', '{account newsNew}', 'newsNew', {0}, '{dad}', {29523}, 'told');
INSERT INTO requests VALUES (1, 'reset', 'done', '{endDue}', '{account endDue}', 'endDue', 0, NULL, NULL, {-92651201}, NULL, {-92651201}, '{dad}', {-92651137}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm endDue}', '1576716412251013120', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (2, 'reset', 'done', '{endCut}', '{account endCut}', 'endCut', 0, NULL, NULL, {-92651061}, NULL, {-92651061}, '{dad}', {-92650983}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm endCut}', '1576716412884353024', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (3, 'reset', 'done', '{endTold}', '{account endTold}', 'endTold', 0, NULL, NULL, {-92650837}, NULL, {-92650837}, '{dad}', {-92650699}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm endTold}', '1576716413865820160', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (4, 'reset', 'done', '{usedDue}', '{account usedDue}', 'usedDue', 0, NULL, NULL, {-92650584}, NULL, {-92650584}, '{dad}', {-92650502}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm usedDue}', '1576716414914396160', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (5, 'reset', 'done', '{usedTold}', '{account usedTold}', 'usedTold', 0, NULL, NULL, {-92650375}, NULL, {-92650375}, '{dad}', {-92650326}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm usedTold}', '1576716415711313920', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (6, 'reset', 'done', '{endAnnounced}', '{account endAnnounced}', 'endAnnounced', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', '{general channel}', {-92650009}, NULL, {-92649952}, '{dad}', {-92639891}, NULL, NULL, 'button', '{admin channel}', '1576716417275789312', 5, 5, 1, NULL, NULL, 'told', 1, 0, NULL);
INSERT INTO requests VALUES (7, 'reset', 'done', '{endUnreachable}', '{account endUnreachable}', 'endUnreachable', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', NULL, {-92639724}, NULL, {-92639675}, '{dad}', {-92629567}, NULL, NULL, 'button', '{admin channel}', '1576716460393234432', 6, 6, 1, NULL, NULL, 'told', 1, 0, NULL);
INSERT INTO requests VALUES (8, 'reset', 'done', '{remindedDue}', '{account remindedDue}', 'remindedDue', 0, NULL, NULL, {-45829073}, NULL, {-45829073}, '{dad}', {-45829006}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm remindedDue}', '1576716505075154944', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (9, 'reset', 'done', '{remindedCut}', '{account remindedCut}', 'remindedCut', 0, NULL, NULL, {-45828886}, NULL, {-45828886}, '{dad}', {-45828822}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm remindedCut}', '1576716505830129664', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (10, 'reset', 'done', '{remindedTold}', '{account remindedTold}', 'remindedTold', 0, NULL, NULL, {-45828670}, NULL, {-45828670}, '{dad}', {-45828578}, NULL, NULL, 'dm', NULL, NULL, 3, NULL, 0, '{dm remindedTold}', '1576716506803208192', 'told', 1, 0, NULL);
INSERT INTO requests VALUES (11, 'reset', 'done', '{remindedAnnounced}', '{account remindedAnnounced}', 'remindedAnnounced', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', '{general channel}', {-45828442}, NULL, {-45828407}, '{dad}', {-45818343}, NULL, NULL, 'button', '{admin channel}', '1576716507675623424', 5, 5, 1, NULL, NULL, 'told', 1, 0, NULL);
INSERT INTO requests VALUES (12, 'reset', 'done', '{remindedUnreachable}', '{account remindedUnreachable}', 'remindedUnreachable', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', NULL, {-45818186}, NULL, {-45818043}, '{dad}', {-45807959}, NULL, NULL, 'button', '{admin channel}', '1576716550830817280', 6, 6, 1, NULL, NULL, 'told', 1, 0, NULL);
INSERT INTO requests VALUES (13, 'unlock', 'done', '{strangerAtownerDue}', '{account ownerDue}', 'ownerDue', 0, NULL, '{general channel}', {-797565}, NULL, {-797385}, '{dad}', {-797224}, NULL, NULL, NULL, '{admin channel}', '1576716637401251840', 4, 4, 1, NULL, NULL, 'told', 1, 1, '{account ownerDue}');
INSERT INTO requests VALUES (14, 'unlock', 'done', '{strangerAtownerCut}', '{account ownerCut}', 'ownerCut', 0, NULL, '{general channel}', {-786565}, NULL, {-786199}, '{dad}', {-786085}, NULL, NULL, NULL, '{admin channel}', '1576716683937054720', 4, 4, 1, NULL, NULL, 'told', 1, 1, '{account ownerCut}');
INSERT INTO requests VALUES (15, 'unlock', 'done', '{strangerAtownerTold}', '{account ownerTold}', 'ownerTold', 0, NULL, '{general channel}', {-775267}, NULL, {-774868}, '{dad}', {-774577}, NULL, NULL, NULL, '{admin channel}', '1576716731198472192', 4, 4, 1, NULL, NULL, 'told', 1, 1, '{account ownerTold}');
INSERT INTO requests VALUES (16, 'unlock', 'done', '{strangerAtownerUnreachable}', '{account ownerUnreachable}', 'ownerUnreachable', 0, NULL, '{general channel}', {-764423}, NULL, {-764182}, '{dad}', {-764060}, NULL, NULL, NULL, '{admin channel}', '1576716776589230080', 4, 4, 1, NULL, NULL, 'told', 1, 1, '{account ownerUnreachable}');
INSERT INTO requests VALUES (17, 'unlock', 'done', '{outcomeDue}', '{account outcomeDue}', 'outcomeDue', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', '{general channel}', {-752611}, NULL, {-752554}, '{dad}', {-752310}, NULL, NULL, NULL, '{admin channel}', '1576716825838747648', 3, 3, 1, NULL, NULL, 'due', 1, 0, NULL);
INSERT INTO requests VALUES (18, 'unlock', 'done', '{outcomeCut}', '{account outcomeCut}', 'outcomeCut', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', '{general channel}', {-748871}, NULL, {-748719}, '{dad}', {-748708}, NULL, NULL, NULL, '{admin channel}', '1576716841538027520', 3, 3, 1, NULL, NULL, 'due', 1, 0, NULL);
INSERT INTO requests VALUES (19, 'unlock', 'done', '{outcomeTold}', '{account outcomeTold}', 'outcomeTold', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', '{general channel}', {-742503}, NULL, {-742281}, '{dad}', {-742067}, NULL, NULL, NULL, '{admin channel}', '1576716868222189568', 4, 4, 1, NULL, NULL, 'told', 1, 0, NULL);
INSERT INTO requests VALUES (20, 'unlock', 'done', '{outcomeAnnounced}', '{account outcomeAnnounced}', 'outcomeAnnounced', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', '{general channel}', {-737984}, NULL, {-737868}, '{dad}', {-737790}, NULL, NULL, NULL, '{admin channel}', '1576716887109140480', 4, 4, 1, NULL, NULL, 'place', 1, 0, NULL);
INSERT INTO requests VALUES (21, 'unlock', 'done', '{outcomeUnreachable}', '{account outcomeUnreachable}', 'outcomeUnreachable', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', NULL, {-734134}, NULL, {-733285}, '{dad}', {-733104}, NULL, NULL, NULL, '{admin channel}', '1576716903324319744', 4, 4, 1, NULL, NULL, 'next', 1, 0, NULL);
INSERT INTO requests VALUES (22, 'unlock', 'denied', '{deniedDue}', '{account deniedDue}', 'deniedDue', 0, '{"state":"locked","failedSignIns":3,"signInLimit":3}', '{general channel}', {-728830}, NULL, {-728682}, '{dad}', {-728682}, 'Ask me at dinner', NULL, NULL, '{admin channel}', '1576716925512187904', 2, 2, 1, NULL, NULL, 'due', 0, 0, NULL);
INSERT INTO requests VALUES (23, 'reset', 'approved', '{buttonAnnounced}', '{account buttonAnnounced}', 'buttonAnnounced', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', '{general channel}', {-724642}, NULL, {-724609}, '{dad}', NULL, NULL, NULL, 'button', '{admin channel}', '1576716943023407104', 4, 4, 1, NULL, NULL, 'place', 1, 0, NULL);
INSERT INTO requests VALUES (24, 'reset', 'approved', '{buttonUnreachable}', '{account buttonUnreachable}', 'buttonUnreachable', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', NULL, {-718395}, NULL, {-718255}, '{dad}', NULL, NULL, NULL, 'button', '{admin channel}', '1576716969451716608', 4, 4, 1, NULL, NULL, 'next', 1, 0, NULL);
INSERT INTO requests VALUES (25, 'reset', 'pending', '{waiting}', '{account waiting}', 'waiting', 0, '{"state":"open","failedSignIns":0,"signInLimit":3}', '{general channel}', {-712145}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{admin channel}', '1576716995527704576', 1, 1, 1, NULL, NULL, NULL, 0, 0, NULL);
INSERT INTO temp_passwords VALUES (1, '{account endDue}', '{endDue}', {-92651171}, {-92651139}, {-6251171}, '{dm endDue}', '1576716412251013120', {-4407751}, 'expired', 25, {-92608018}, 0, NULL, 0, {-4407773}, 'expired', {-4404297});
INSERT INTO temp_passwords VALUES (2, '{account endCut}', '{endCut}', {-92651021}, {-92650985}, {-6251021}, '{dm endCut}', '1576716412884353024', {-4407712}, 'expired', 25, {-92608018}, 0, NULL, 0, {-4407726}, 'expired', {-4404281});
INSERT INTO temp_passwords VALUES (3, '{account endTold}', '{endTold}', {-92650775}, {-92650713}, {-6250775}, '{dm endTold}', '1576716413865820160', {-4407672}, 'expired', 25, {-92608018}, 0, NULL, 0, {-4407682}, 'expired', {-4404268});
INSERT INTO temp_passwords VALUES (4, '{account usedDue}', '{usedDue}', {-92650539}, {-92650505}, {-6250539}, '{dm usedDue}', '1576716414914396160', NULL, NULL, 70, {-92528864}, 0, {-92650395}, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (5, '{account usedTold}', '{usedTold}', {-92650351}, {-92650329}, {-6250351}, '{dm usedTold}', '1576716415711313920', NULL, NULL, 70, {-92528864}, 0, {-92650085}, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (6, '{account endAnnounced}', '{endAnnounced}', {-92639960}, {-92639903}, {-6239960}, NULL, NULL, {-4407581}, 'expired', 25, {-92608018}, 0, NULL, 0, {-4407606}, 'expired', NULL);
INSERT INTO temp_passwords VALUES (7, '{account endUnreachable}', '{endUnreachable}', {-92629617}, {-92629576}, {-6229617}, NULL, NULL, {-4407521}, 'expired', 25, {-92608018}, 0, NULL, 0, {-4407549}, 'expired', NULL);
INSERT INTO temp_passwords VALUES (8, '{account remindedDue}', '{remindedDue}', {-45829041}, {-45829018}, {40570959}, '{dm remindedDue}', '1576716505075154944', NULL, NULL, 70, {-92528864}, 0, NULL, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (9, '{account remindedCut}', '{remindedCut}', {-45828859}, {-45828828}, {40571141}, '{dm remindedCut}', '1576716505830129664', NULL, NULL, 70, {-92528864}, 0, NULL, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (10, '{account remindedTold}', '{remindedTold}', {-45828631}, {-45828585}, {40571369}, '{dm remindedTold}', '1576716506803208192', NULL, NULL, 70, {-92528864}, 0, NULL, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (11, '{account remindedAnnounced}', '{remindedAnnounced}', {-45818421}, {-45818358}, {40581579}, NULL, NULL, NULL, NULL, 70, {-92528864}, 0, NULL, 0, NULL, NULL, NULL);
INSERT INTO temp_passwords VALUES (12, '{account remindedUnreachable}', '{remindedUnreachable}', {-45808057}, {-45807972}, {40591943}, NULL, NULL, NULL, NULL, 70, {-92528864}, 0, NULL, 0, NULL, NULL, NULL);
INSERT INTO audit VALUES (1, {-92654524}, '{dad}', 'link', 'done', '{account lockoutTold}', 'lockoutTold', '{lockoutTold}', NULL, NULL);
INSERT INTO audit VALUES (2, {-92654417}, '{dad}', 'link', 'done', '{account lockoutCut}', 'lockoutCut', '{lockoutCut}', NULL, NULL);
INSERT INTO audit VALUES (3, {-92654239}, 'latchkey', 'lockout', 'locked', '{account lockoutTold}', 'lockoutTold', NULL, NULL, NULL);
INSERT INTO audit VALUES (4, {-92654227}, 'latchkey', 'lockout', 'locked', '{account lockoutCut}', 'lockoutCut', NULL, NULL, NULL);
INSERT INTO audit VALUES (5, {-92651304}, '{dad}', 'link', 'done', '{account endDue}', 'endDue', '{endDue}', NULL, NULL);
INSERT INTO audit VALUES (6, {-92651137}, '{dad}', 'reset', 'done', '{account endDue}', 'endDue', '{endDue}', 1, NULL);
INSERT INTO audit VALUES (7, {-92651117}, '{dad}', 'link', 'done', '{account endCut}', 'endCut', '{endCut}', NULL, NULL);
INSERT INTO audit VALUES (8, {-92650983}, '{dad}', 'reset', 'done', '{account endCut}', 'endCut', '{endCut}', 2, NULL);
INSERT INTO audit VALUES (9, {-92650932}, '{dad}', 'link', 'done', '{account endTold}', 'endTold', '{endTold}', NULL, NULL);
INSERT INTO audit VALUES (10, {-92650699}, '{dad}', 'reset', 'done', '{account endTold}', 'endTold', '{endTold}', 3, NULL);
INSERT INTO audit VALUES (11, {-92650653}, '{dad}', 'link', 'done', '{account usedDue}', 'usedDue', '{usedDue}', NULL, NULL);
INSERT INTO audit VALUES (12, {-92650502}, '{dad}', 'reset', 'done', '{account usedDue}', 'usedDue', '{usedDue}', 4, NULL);
INSERT INTO audit VALUES (13, {-92650439}, '{dad}', 'link', 'done', '{account usedTold}', 'usedTold', '{usedTold}', NULL, NULL);
INSERT INTO audit VALUES (14, {-92650326}, '{dad}', 'reset', 'done', '{account usedTold}', 'usedTold', '{usedTold}', 5, NULL);
INSERT INTO audit VALUES (15, {-92650261}, '{dad}', 'link', 'done', '{account endAnnounced}', 'endAnnounced', '{endAnnounced}', NULL, NULL);
INSERT INTO audit VALUES (16, {-92650009}, '{endAnnounced}', 'ask reset', 'asked', '{account endAnnounced}', 'endAnnounced', '{endAnnounced}', 6, NULL);
INSERT INTO audit VALUES (17, {-92649952}, '{dad}', 'approve', 'done', '{account endAnnounced}', 'endAnnounced', '{endAnnounced}', 6, NULL);
INSERT INTO audit VALUES (18, {-92639891}, '{dad}', 'reset', 'done', '{account endAnnounced}', 'endAnnounced', '{endAnnounced}', 6, NULL);
INSERT INTO audit VALUES (19, {-92639806}, '{dad}', 'link', 'done', '{account endUnreachable}', 'endUnreachable', '{endUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (20, {-92639724}, '{endUnreachable}', 'ask reset', 'asked', '{account endUnreachable}', 'endUnreachable', '{endUnreachable}', 7, NULL);
INSERT INTO audit VALUES (21, {-92639675}, '{dad}', 'approve', 'done', '{account endUnreachable}', 'endUnreachable', '{endUnreachable}', 7, NULL);
INSERT INTO audit VALUES (22, {-92629567}, '{dad}', 'reset', 'done', '{account endUnreachable}', 'endUnreachable', '{endUnreachable}', 7, NULL);
INSERT INTO audit VALUES (23, {-45829124}, '{dad}', 'link', 'done', '{account remindedDue}', 'remindedDue', '{remindedDue}', NULL, NULL);
INSERT INTO audit VALUES (24, {-45829006}, '{dad}', 'reset', 'done', '{account remindedDue}', 'remindedDue', '{remindedDue}', 8, NULL);
INSERT INTO audit VALUES (25, {-45828978}, '{dad}', 'link', 'done', '{account remindedCut}', 'remindedCut', '{remindedCut}', NULL, NULL);
INSERT INTO audit VALUES (26, {-45828822}, '{dad}', 'reset', 'done', '{account remindedCut}', 'remindedCut', '{remindedCut}', 9, NULL);
INSERT INTO audit VALUES (27, {-45828800}, '{dad}', 'link', 'done', '{account remindedTold}', 'remindedTold', '{remindedTold}', NULL, NULL);
INSERT INTO audit VALUES (28, {-45828578}, '{dad}', 'reset', 'done', '{account remindedTold}', 'remindedTold', '{remindedTold}', 10, NULL);
INSERT INTO audit VALUES (29, {-45828552}, '{dad}', 'link', 'done', '{account remindedAnnounced}', 'remindedAnnounced', '{remindedAnnounced}', NULL, NULL);
INSERT INTO audit VALUES (30, {-45828442}, '{remindedAnnounced}', 'ask reset', 'asked', '{account remindedAnnounced}', 'remindedAnnounced', '{remindedAnnounced}', 11, NULL);
INSERT INTO audit VALUES (31, {-45828407}, '{dad}', 'approve', 'done', '{account remindedAnnounced}', 'remindedAnnounced', '{remindedAnnounced}', 11, NULL);
INSERT INTO audit VALUES (32, {-45818343}, '{dad}', 'reset', 'done', '{account remindedAnnounced}', 'remindedAnnounced', '{remindedAnnounced}', 11, NULL);
INSERT INTO audit VALUES (33, {-45818248}, '{dad}', 'link', 'done', '{account remindedUnreachable}', 'remindedUnreachable', '{remindedUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (34, {-45818186}, '{remindedUnreachable}', 'ask reset', 'asked', '{account remindedUnreachable}', 'remindedUnreachable', '{remindedUnreachable}', 12, NULL);
INSERT INTO audit VALUES (35, {-45818043}, '{dad}', 'approve', 'done', '{account remindedUnreachable}', 'remindedUnreachable', '{remindedUnreachable}', 12, NULL);
INSERT INTO audit VALUES (36, {-45807959}, '{dad}', 'reset', 'done', '{account remindedUnreachable}', 'remindedUnreachable', '{remindedUnreachable}', 12, NULL);
INSERT INTO audit VALUES (37, {-4407747}, 'latchkey', 'temporary password', 'expired', '{account endDue}', 'endDue', '{endDue}', 1, NULL);
INSERT INTO audit VALUES (38, {-4407694}, 'latchkey', 'temporary password', 'expired', '{account endCut}', 'endCut', '{endCut}', 2, NULL);
INSERT INTO audit VALUES (39, {-4407657}, 'latchkey', 'temporary password', 'expired', '{account endTold}', 'endTold', '{endTold}', 3, NULL);
INSERT INTO audit VALUES (40, {-4407571}, 'latchkey', 'temporary password', 'expired', '{account endAnnounced}', 'endAnnounced', '{endAnnounced}', 6, NULL);
INSERT INTO audit VALUES (41, {-4407499}, 'latchkey', 'temporary password', 'expired', '{account endUnreachable}', 'endUnreachable', '{endUnreachable}', 7, NULL);
INSERT INTO audit VALUES (42, {-800425}, '{dad}', 'link', 'done', '{account ownerDue}', 'ownerDue', '{ownerDue}', NULL, NULL);
INSERT INTO audit VALUES (43, {-799719}, '{dad}', 'link', 'done', '{account ownerCut}', 'ownerCut', '{ownerCut}', NULL, NULL);
INSERT INTO audit VALUES (44, {-799184}, '{dad}', 'link', 'done', '{account ownerTold}', 'ownerTold', '{ownerTold}', NULL, NULL);
INSERT INTO audit VALUES (45, {-798566}, '{dad}', 'link', 'done', '{account ownerUnreachable}', 'ownerUnreachable', '{ownerUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (46, {-797564}, '{strangerAtownerDue}', 'ask unlock', 'asked', '', 'ownerDue', '{strangerAtownerDue}', 13, NULL);
INSERT INTO audit VALUES (47, {-797385}, '{dad}', 'approve', 'done', '{account ownerDue}', 'ownerDue', '{strangerAtownerDue}', 13, NULL);
INSERT INTO audit VALUES (48, {-797385}, '{dad}', 'link', 'done', '{account ownerDue}', 'ownerDue', '{strangerAtownerDue}', NULL, NULL);
INSERT INTO audit VALUES (49, {-797224}, '{dad}', 'unlock', 'done', '{account ownerDue}', 'ownerDue', '{strangerAtownerDue}', 13, NULL);
INSERT INTO audit VALUES (50, {-786565}, '{strangerAtownerCut}', 'ask unlock', 'asked', '', 'ownerCut', '{strangerAtownerCut}', 14, NULL);
INSERT INTO audit VALUES (51, {-786199}, '{dad}', 'approve', 'done', '{account ownerCut}', 'ownerCut', '{strangerAtownerCut}', 14, NULL);
INSERT INTO audit VALUES (52, {-786199}, '{dad}', 'link', 'done', '{account ownerCut}', 'ownerCut', '{strangerAtownerCut}', NULL, NULL);
INSERT INTO audit VALUES (53, {-786085}, '{dad}', 'unlock', 'done', '{account ownerCut}', 'ownerCut', '{strangerAtownerCut}', 14, NULL);
INSERT INTO audit VALUES (54, {-775267}, '{strangerAtownerTold}', 'ask unlock', 'asked', '', 'ownerTold', '{strangerAtownerTold}', 15, NULL);
INSERT INTO audit VALUES (55, {-774868}, '{dad}', 'approve', 'done', '{account ownerTold}', 'ownerTold', '{strangerAtownerTold}', 15, NULL);
INSERT INTO audit VALUES (56, {-774868}, '{dad}', 'link', 'done', '{account ownerTold}', 'ownerTold', '{strangerAtownerTold}', NULL, NULL);
INSERT INTO audit VALUES (57, {-774577}, '{dad}', 'unlock', 'done', '{account ownerTold}', 'ownerTold', '{strangerAtownerTold}', 15, NULL);
INSERT INTO audit VALUES (58, {-764423}, '{strangerAtownerUnreachable}', 'ask unlock', 'asked', '', 'ownerUnreachable', '{strangerAtownerUnreachable}', 16, NULL);
INSERT INTO audit VALUES (59, {-764182}, '{dad}', 'approve', 'done', '{account ownerUnreachable}', 'ownerUnreachable', '{strangerAtownerUnreachable}', 16, NULL);
INSERT INTO audit VALUES (60, {-764182}, '{dad}', 'link', 'done', '{account ownerUnreachable}', 'ownerUnreachable', '{strangerAtownerUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (61, {-764060}, '{dad}', 'unlock', 'done', '{account ownerUnreachable}', 'ownerUnreachable', '{strangerAtownerUnreachable}', 16, NULL);
INSERT INTO audit VALUES (62, {-754038}, '{dad}', 'link', 'done', '{account outcomeDue}', 'outcomeDue', '{outcomeDue}', NULL, NULL);
INSERT INTO audit VALUES (63, {-752611}, '{outcomeDue}', 'ask unlock', 'asked', '{account outcomeDue}', 'outcomeDue', '{outcomeDue}', 17, NULL);
INSERT INTO audit VALUES (64, {-752553}, '{dad}', 'approve', 'done', '{account outcomeDue}', 'outcomeDue', '{outcomeDue}', 17, NULL);
INSERT INTO audit VALUES (65, {-752309}, '{dad}', 'unlock', 'done', '{account outcomeDue}', 'outcomeDue', '{outcomeDue}', 17, NULL);
INSERT INTO audit VALUES (66, {-750609}, '{dad}', 'link', 'done', '{account outcomeCut}', 'outcomeCut', '{outcomeCut}', NULL, NULL);
INSERT INTO audit VALUES (67, {-748871}, '{outcomeCut}', 'ask unlock', 'asked', '{account outcomeCut}', 'outcomeCut', '{outcomeCut}', 18, NULL);
INSERT INTO audit VALUES (68, {-748719}, '{dad}', 'approve', 'done', '{account outcomeCut}', 'outcomeCut', '{outcomeCut}', 18, NULL);
INSERT INTO audit VALUES (69, {-748708}, '{dad}', 'unlock', 'done', '{account outcomeCut}', 'outcomeCut', '{outcomeCut}', 18, NULL);
INSERT INTO audit VALUES (70, {-744670}, '{dad}', 'link', 'done', '{account outcomeTold}', 'outcomeTold', '{outcomeTold}', NULL, NULL);
INSERT INTO audit VALUES (71, {-742502}, '{outcomeTold}', 'ask unlock', 'asked', '{account outcomeTold}', 'outcomeTold', '{outcomeTold}', 19, NULL);
INSERT INTO audit VALUES (72, {-742281}, '{dad}', 'approve', 'done', '{account outcomeTold}', 'outcomeTold', '{outcomeTold}', 19, NULL);
INSERT INTO audit VALUES (73, {-742067}, '{dad}', 'unlock', 'done', '{account outcomeTold}', 'outcomeTold', '{outcomeTold}', 19, NULL);
INSERT INTO audit VALUES (74, {-740280}, '{dad}', 'link', 'done', '{account outcomeAnnounced}', 'outcomeAnnounced', '{outcomeAnnounced}', NULL, NULL);
INSERT INTO audit VALUES (75, {-737984}, '{outcomeAnnounced}', 'ask unlock', 'asked', '{account outcomeAnnounced}', 'outcomeAnnounced', '{outcomeAnnounced}', 20, NULL);
INSERT INTO audit VALUES (76, {-737868}, '{dad}', 'approve', 'done', '{account outcomeAnnounced}', 'outcomeAnnounced', '{outcomeAnnounced}', 20, NULL);
INSERT INTO audit VALUES (77, {-737790}, '{dad}', 'unlock', 'done', '{account outcomeAnnounced}', 'outcomeAnnounced', '{outcomeAnnounced}', 20, NULL);
INSERT INTO audit VALUES (78, {-735136}, '{dad}', 'link', 'done', '{account outcomeUnreachable}', 'outcomeUnreachable', '{outcomeUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (79, {-734134}, '{outcomeUnreachable}', 'ask unlock', 'asked', '{account outcomeUnreachable}', 'outcomeUnreachable', '{outcomeUnreachable}', 21, NULL);
INSERT INTO audit VALUES (80, {-733285}, '{dad}', 'approve', 'done', '{account outcomeUnreachable}', 'outcomeUnreachable', '{outcomeUnreachable}', 21, NULL);
INSERT INTO audit VALUES (81, {-733081}, '{dad}', 'unlock', 'done', '{account outcomeUnreachable}', 'outcomeUnreachable', '{outcomeUnreachable}', 21, NULL);
INSERT INTO audit VALUES (82, {-730954}, '{dad}', 'link', 'done', '{account deniedDue}', 'deniedDue', '{deniedDue}', NULL, NULL);
INSERT INTO audit VALUES (83, {-728830}, '{deniedDue}', 'ask unlock', 'asked', '{account deniedDue}', 'deniedDue', '{deniedDue}', 22, NULL);
INSERT INTO audit VALUES (84, {-728682}, '{dad}', 'deny', 'done', '{account deniedDue}', 'deniedDue', '{deniedDue}', 22, 'Ask me at dinner');
INSERT INTO audit VALUES (85, {-726778}, '{dad}', 'link', 'done', '{account buttonAnnounced}', 'buttonAnnounced', '{buttonAnnounced}', NULL, NULL);
INSERT INTO audit VALUES (86, {-724642}, '{buttonAnnounced}', 'ask reset', 'asked', '{account buttonAnnounced}', 'buttonAnnounced', '{buttonAnnounced}', 23, NULL);
INSERT INTO audit VALUES (87, {-724608}, '{dad}', 'approve', 'done', '{account buttonAnnounced}', 'buttonAnnounced', '{buttonAnnounced}', 23, NULL);
INSERT INTO audit VALUES (88, {-721222}, '{dad}', 'link', 'done', '{account buttonUnreachable}', 'buttonUnreachable', '{buttonUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (89, {-718395}, '{buttonUnreachable}', 'ask reset', 'asked', '{account buttonUnreachable}', 'buttonUnreachable', '{buttonUnreachable}', 24, NULL);
INSERT INTO audit VALUES (90, {-718254}, '{dad}', 'approve', 'done', '{account buttonUnreachable}', 'buttonUnreachable', '{buttonUnreachable}', 24, NULL);
INSERT INTO audit VALUES (91, {-715162}, '{dad}', 'link', 'done', '{account waiting}', 'waiting', '{waiting}', NULL, NULL);
INSERT INTO audit VALUES (92, {-712145}, '{waiting}', 'ask reset', 'asked', '{account waiting}', 'waiting', '{waiting}', 25, NULL);
INSERT INTO audit VALUES (93, {-51243}, '{codeDue}', 'prove', 'expired', NULL, NULL, '{codeDue}', NULL, NULL);
INSERT INTO audit VALUES (94, {-51215}, '{codeCut}', 'prove', 'expired', NULL, NULL, '{codeCut}', NULL, NULL);
INSERT INTO audit VALUES (95, {-51159}, '{codeTold}', 'prove', 'expired', NULL, NULL, '{codeTold}', NULL, NULL);
INSERT INTO audit VALUES (96, {-41629}, '{dad}', 'link', 'done', '{account greetingDue}', 'greetingDue', '{greetingDue}', NULL, NULL);
INSERT INTO audit VALUES (97, {-36643}, '{dad}', 'link', 'done', '{account greetingCut}', 'greetingCut', '{greetingCut}', NULL, NULL);
INSERT INTO audit VALUES (98, {-29280}, '{dad}', 'link', 'done', '{account greetingUnreachable}', 'greetingUnreachable', '{greetingUnreachable}', NULL, NULL);
INSERT INTO audit VALUES (99, {-22024}, '{dad}', 'link', 'done', '{account greetingTold}', 'greetingTold', '{greetingTold}', NULL, NULL);
INSERT INTO audit VALUES (100, {-14641}, '{dad}', 'link', 'done', '{account newsTold}', 'newsTold', '{newsTold}', NULL, NULL);
INSERT INTO audit VALUES (101, {-7327}, '{dad}', 'link', 'done', '{account newsCut}', 'newsCut', '{newsCut}', NULL, NULL);
INSERT INTO audit VALUES (102, {0}, '{dad}', 'link', 'done', '{account newsNew}', 'newsNew', '{newsNew}', NULL, NULL);
INSERT INTO account_words VALUES (1, '{account lockoutTold}', 'lockoutTold', '{lockoutTold}', 'lockout', 'lockout 1', NULL, {-92654169}, NULL, '{dm lockoutTold}', '1576716400121085952', NULL);
INSERT INTO account_words VALUES (2, '{account lockoutCut}', 'lockoutCut', '{lockoutCut}', 'lockout', 'lockout 2', NULL, {-92653970}, NULL, NULL, NULL, NULL);
INSERT INTO account_words VALUES (3, '{account lockoutCut}', 'lockoutCut', '{lockoutCut}', 'lockout', 'lockout 2', NULL, {8307}, NULL, NULL, NULL, NULL);
INSERT INTO temp_password_words VALUES (1, 1, 'reminder 1', 'moot', 1, '{dm endDue}', '1576716503661674496');
INSERT INTO temp_password_words VALUES (2, 2, 'reminder 1', 'moot', 1, '{dm endCut}', '1576716503783309312');
INSERT INTO temp_password_words VALUES (3, 3, 'reminder 1', 'moot', 1, '{dm endTold}', '1576716503917527040');
INSERT INTO temp_password_words VALUES (4, 4, 'reminder 1', 'told', 1, '{dm usedDue}', '1576716504198545408');
INSERT INTO temp_password_words VALUES (5, 5, 'reminder 1', 'told', 1, '{dm usedTold}', '1576716504336957440');
INSERT INTO temp_password_words VALUES (6, 6, 'reminder 1', 'moot', 1, NULL, NULL);
INSERT INTO temp_password_words VALUES (7, 7, 'reminder 1', 'moot', 1, NULL, NULL);
INSERT INTO temp_password_words VALUES (8, 1, 'end', 'due', 40, NULL, NULL);
INSERT INTO temp_password_words VALUES (9, 2, 'end', 'due', 40, NULL, NULL);
INSERT INTO temp_password_words VALUES (10, 3, 'end', 'told', 1, '{dm endTold}', '1576716607277760512');
INSERT INTO temp_password_words VALUES (11, 4, 'reminder 2', 'due', 40, NULL, NULL);
INSERT INTO temp_password_words VALUES (12, 5, 'reminder 2', 'told', 1, '{dm usedTold}', '1576716608171147264');
INSERT INTO temp_password_words VALUES (13, 6, 'end', 'place', 1, NULL, NULL);
INSERT INTO temp_password_words VALUES (14, 7, 'end', 'next', 1, NULL, NULL);
INSERT INTO temp_password_words VALUES (15, 8, 'reminder 1', 'due', 38, NULL, NULL);
INSERT INTO temp_password_words VALUES (16, 9, 'reminder 1', 'due', 38, NULL, NULL);
INSERT INTO temp_password_words VALUES (17, 10, 'reminder 1', 'told', 1, '{dm remindedTold}', '1576716623182561280');
INSERT INTO temp_password_words VALUES (18, 11, 'reminder 1', 'place', 1, NULL, NULL);
INSERT INTO temp_password_words VALUES (19, 12, 'reminder 1', 'next', 1, NULL, NULL);
INSERT INTO paced VALUES ('{codeDue}', 'link code', {-712066});
INSERT INTO paced VALUES ('{codeCut}', 'link code', {-711864});
INSERT INTO paced VALUES ('{codeTold}', 'link code', {-711681});
INSERT INTO log_position VALUES (1, 9, '2026-11-29T21:48:03.5540000Z');
INSERT INTO lockout_cards VALUES (1, {-92651399}, '{admin channel}', '1576716411487649792', 3, 3);
INSERT INTO lockouts VALUES (1, '{account lockoutTold}', 'lockoutTold', 'locked', {-92654324}, '[{"at":{-92654352},"address":"127.0.0.1","text":""},{"at":{-92654326},"address":"127.0.0.1","text":""},{"at":{-92654324},"address":"127.0.0.1","text":""}]', '127.0.0.1', 'told', 1, NULL, NULL, NULL, 0);
INSERT INTO lockouts VALUES (2, '{account lockoutCut}', 'lockoutCut', 'locked', {-92654286}, '[{"at":{-92654294},"address":"127.0.0.1","text":""},{"at":{-92654292},"address":"127.0.0.1","text":""},{"at":{-92654285},"address":"127.0.0.1","text":""}]', '127.0.0.1', NULL, 1, NULL, NULL, NULL, 0);
INSERT INTO link_news VALUES (1, 'left', '{newsTold}', 'newsTold', NULL, {7740}, 1, {8441});
INSERT INTO link_news VALUES (2, 'left', '{newsCut}', 'newsCut', NULL, {16693}, 2, NULL);
INSERT INTO link_news VALUES (3, 'left', '{newsNew}', 'newsNew', NULL, {29523}, NULL, NULL);
INSERT INTO link_proofs VALUES (1, '{codeDue}', 'latchkey-1ed7d8a5-ce60-4e1a-abe8-b4c5f38b4658', {-712067}, {-112067}, {-51277}, 'expired', NULL, NULL, 'due', {13002});
INSERT INTO link_proofs VALUES (2, '{codeCut}', 'latchkey-37bd4c19-5b36-4f68-a2c0-e916701e45e1', {-711864}, {-111864}, {-51234}, 'expired', NULL, NULL, 'due', {13018});
INSERT INTO link_proofs VALUES (3, '{codeTold}', 'latchkey-6b8a088e-a1a0-4442-b1f5-d1c8f182fc87', {-711681}, {-111681}, {-51188}, 'expired', NULL, NULL, 'told', {13069});
INSERT INTO sign_in_days VALUES ('2026-11-29', 6, 2);
INSERT INTO owner_notices VALUES (1, 13, '{ownerDue}', 'due', NULL, 172);
INSERT INTO owner_notices VALUES (2, 14, '{ownerCut}', 'due', NULL, 168);
INSERT INTO owner_notices VALUES (3, 15, '{ownerTold}', 'told', 'done', 1);
INSERT INTO owner_notices VALUES (4, 16, '{ownerUnreachable}', 'next', 'done', 1);
