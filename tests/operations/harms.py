"""What goes wrong with an installation, one fault each, and what names its cause."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.operations.acts import (
    APP,
    ARTIFACT,
    CIRCUIT,
    JOB,
    MODEL,
    OVERRIDE,
    PICTURE,
    WEBHOOK,
    a_file,
    an_account,
    another_ones,
    by_environment,
    by_sql,
    drifted,
    keyless,
    other_code,
    other_folder,
    other_key,
    unmounted,
)
from tests.operations.installation import Installation, uninstalled, upgraded


@dataclass(frozen=True)
class Harm:
    """One fault: how it is done, the code that names it, and words of its line."""

    name: str
    act: Callable[[Installation], object]
    code: str
    says: str
    why: str | None = None
    """The code that `why pose-generator` names, where the app is hidden by it."""


HARMS = (
    Harm(
        "model rows are deleted",
        by_sql(f"DELETE FROM model WHERE plugin_id = '{APP}'"),
        *("S01", "declares 4 models; 0 are stored", "NO_MODELS"),
    ),
    Harm(
        "one model's row is deleted",
        by_sql(f"DELETE FROM model WHERE key = '{MODEL}'"),
        *("S01", "declares 4 models; 3 are stored"),
    ),
    Harm(
        "the worker process is dead",
        by_sql("UPDATE process SET seen_at = 1 WHERE role = 'worker'"),
        *("W01", "No worker process is alive"),
    ),
    Harm(
        "the worker process looks for nothing",
        by_sql("UPDATE process SET looked_at = 1 WHERE role = 'worker'"),
        *("W01", "looks for no job"),
    ),
    Harm("the worker runs other code", other_code, "W01", "runs other code of kernel"),
    Harm(
        "the worker is of a release long ago",
        by_sql(
            'UPDATE process SET plugins = \'{"pose-generator": "9.0.0"}\''
            " WHERE role = 'worker'"
        ),
        *("W01", "Worker processes have pose-generator 9.0.0"),
    ),
    Harm("the provider's key is missing", keyless, "P01", "HUGGINGFACE_API_KEY"),
    Harm("the volume is not mounted", unmounted, "F01", "Is it mounted?"),
    Harm("another's volume is mounted", another_ones, "F01", "of another installation"),
    Harm("the data folder is none", a_file, "F01", "cannot be used"),
    Harm("the worker has another folder", other_folder, "F05", "/srv/worker"),
    Harm("the worker has another secret", other_key, "C03", "different secret keys"),
    Harm(
        "the secret key was changed",
        by_environment("LUMIKU_SECRET_KEY", "another one, much longer than before"),
        *("C03", "not that of the processes that run"),
    ),
    Harm(
        "webhooks were made with another key",
        by_sql(WEBHOOK.format(secret="'aa.bb'", since="NULL")),
        *("C03", "another than 1 webhooks were made with"),
    ),
    Harm(
        "webhooks fail",
        by_sql(WEBHOOK.format(secret="'aa.bb'", since="1")),
        *("N01", "webhooks fail"),
    ),
    Harm(
        "the database's address is wrong",
        by_environment("DATABASE_URL", "postgresql://nobody:lost@127.0.0.1:9/none"),
        *("D01", "cannot be reached"),
    ),
    Harm(
        "the database is a copy to be read",
        lambda there: there.set(
            "DATABASE_URL", f"sqlite:///file:{there.database}?mode=ro&uri=true"
        ),
        *("D01", "takes no changes"),
    ),
    Harm(
        "revisions are missing",
        by_sql(
            "UPDATE kernel_version SET version_num = '0004'",
            "UPDATE kernel_head SET version_num = '0004'",
        ),
        *("D02", "lacks the revisions"),
    ),
    Harm(
        "the database is of a release to come",
        by_sql(
            "UPDATE kernel_version SET version_num = 'of-2031'",
            "UPDATE kernel_head SET version_num = 'of-2031'",
        ),
        *("D02", "of-2031"),
    ),
    Harm(
        "a plugin's revisions are missing",
        by_sql(
            "DELETE FROM avatar_creator__version",
            "DELETE FROM avatar_creator__head",
        ),
        *("D02", "avatar-creator"),
    ),
    Harm(
        "a column is gone",
        by_sql("ALTER TABLE flag_use DROP COLUMN times"),
        *("D03", "The column `times` of table flag_use is missing."),
    ),
    Harm(
        "tables of somebody are left",
        by_sql("CREATE TABLE old_app__things (id integer)"),
        *("D03", "old_app__things"),
    ),
    Harm(
        "a tier was raised",
        by_sql(OVERRIDE.format(enabled="NULL", tier="'enterprise'")),
        *("K04", "hidden from the tier free", "TIER_TOO_LOW"),
    ),
    Harm(
        "all models were switched off",
        by_sql(OVERRIDE.format(enabled="0", tier="NULL")),
        *("V01", "seen by nobody: ALL_MODELS_DISABLED", "ALL_MODELS_DISABLED"),
    ),
    Harm(
        "the flag is off",
        lambda there: there.ask("plugins", "disable", APP, "--reason", "a trial"),
        *("V01", "seen by nobody: FLAG_OFF", "FLAG_OFF"),
    ),
    Harm(
        "the plugin is in quarantine",
        by_sql(
            "UPDATE plugin SET state = 'quarantined', code = 'QUARANTINED',"
            f" reason = 'Runners died of it.' WHERE id = '{APP}'"
        ),
        *("K01", "was in quarantined: QUARANTINED", "QUARANTINED"),
    ),
    Harm(
        "a plugin could not be imported",
        by_sql(
            "UPDATE plugin SET state = 'rejected', code = 'IMPORT_ERROR',"
            f" reason = 'No module named x.' WHERE id = '{APP}'"
        ),
        *("K01", "was rejected: IMPORT_ERROR", "IMPORT_ERROR"),
    ),
    Harm(
        "seeds could not be planted",
        by_sql(
            "UPDATE plugin SET state = 'rejected', code = 'SEED_FAILED',"
            f" reason = 'Two rows have one key.' WHERE id = '{APP}'"
        ),
        *("S02", "could not be planted"),
    ),
    Harm(
        "a plugin that must be there is not",
        by_environment("LUMIKU_PLUGINS_REQUIRED", "poster-editor"),
        *("K01", "LUMIKU_PLUGINS_REQUIRED demands the plugin poster-editor"),
    ),
    Harm("a package is gone", uninstalled, "K07", "was here as acme-fan==1.0"),
    Harm("a package is newer", upgraded, "K07", "worker processes run 1.0"),
    Harm(
        "the lock is otherwise",
        drifted,
        "V03",
        "pose-generator:flux-controlnet-max has vanished",
    ),
    Harm(
        "the disk is nearly full",
        by_environment("LUMIKU_DISK_FLOOR_MB", "900000000"),
        *("F03", "are to stay so"),
    ),
    Harm("the disk fills fast", by_sql(ARTIFACT), "F04", "room for less than a day"),
    Harm("a file is lost", by_sql(PICTURE), "F02", "have no file"),
    Harm("a job waits for nobody", by_sql(JOB), "W02", "queued for more than"),
    Harm("calls of a model fail", by_sql(CIRCUIT), "P02", "the key was revoked"),
    Harm(
        "Redis is not where it is said to be",
        by_environment("REDIS_URL", "redis://:gone@127.0.0.1:9/0"),
        *("R01", "does not listen where REDIS_URL says"),
    ),
    Harm(
        "there is no operator",
        by_sql("UPDATE account SET role = 'user'"),
        *("A01", "There is no operator"),
    ),
    Harm(
        "a password was written by hand",
        lambda there: an_account(there, "ana@shop.example", "sha1:abc"),
        *("A03", "cannot be read"),
    ),
    Harm(
        "a balance was changed by hand",
        by_sql("UPDATE balance SET amount = amount + 7 WHERE purse NOT LIKE 'sys:%'"),
        *("L01", ""),
    ),
    Harm(
        "a setting is misspelt",
        by_environment("LUMIKU_REGISTRATON", "closed"),
        *("C01", "LUMIKU_REGISTRATION"),
    ),
    Harm(
        "cookies are for HTTPS only, and it is not",
        by_environment("LUMIKU_SECURE_COOKIES", "true"),
        *("C02", "nobody stays in"),
    ),
)
