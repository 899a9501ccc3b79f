// Changes as people make them, planted in the real specs: what each is, and what has to be said of it.
import type { ChangeClass } from "../change.js";

interface Edit {
  /** From `specs/`. */
  readonly file: string;
  /** What is written, instead of what: every occurrence. */
  readonly replace: readonly (readonly [from: string, to: string])[];
  /** Where the result goes; with `copy` the file itself stays. */
  readonly to?: string;
  readonly copy?: boolean;
}

export interface Plant {
  readonly title: string;
  readonly service: string;
  readonly class: ChangeClass;
  /** The change that has to be among those found. */
  readonly id: string;
  readonly edits: readonly Edit[];
  /** The types stay as they are: only the comparison of the specs can notice. */
  readonly untyped?: true;
}

const backup = "tencentcloud-redis/manual-backup-instance.yaml";
const detail = "tencentcloud-redis/describe-backup-detail.yaml";
const instances = "huaweicloud-rds/list-instances.yaml";
const restore = "huaweicloud-rds/restore-to-existing-instance.yaml";
const backups = "huaweicloud-rds/list-backups.yaml";
const copies = "opentelekomcloud-dcs/copy-instance.yaml";

export const plants: readonly Plant[] = [
  {
    title: "field removed",
    service: "tencentcloud-redis",
    class: "breaking",
    id: "response-required-property-removed",
    edits: [
      {
        file: detail,
        replace: [
          [" MemSize,", ""],
          ["                      MemSize: 2048\n", ""],
          ["        MemSize: { type: integer, format: int64, description: Memory of one shard in MB. }\n", ""],
        ],
      },
    ],
  },
  {
    title: "type changed",
    service: "tencentcloud-redis",
    class: "breaking",
    id: "request-property-type-changed",
    edits: [
      {
        file: backup,
        replace: [
          ["type: integer\n          format: int64\n          minimum: 0\n          maximum: 1825\n", "type: string\n"],
        ],
      },
    ],
  },
  {
    title: "required added",
    service: "tencentcloud-redis",
    class: "breaking",
    id: "request-property-became-required",
    edits: [{ file: backup, replace: [["required: [InstanceId]", "required: [InstanceId, Remark]"]] }],
  },
  {
    title: "operation renamed",
    service: "opentelekomcloud-dcs",
    class: "breaking",
    id: "operation-renamed",
    edits: [
      {
        file: copies,
        replace: [["operationId: copyInstance\n", "operationId: backUpInstance\n"]],
        to: "opentelekomcloud-dcs/back-up-instance.yaml",
      },
    ],
  },
  {
    title: "enum of a request narrowed",
    service: "huaweicloud-rds",
    class: "breaking",
    id: "request-parameter-enum-value-removed",
    edits: [
      {
        file: instances,
        replace: [
          [
            "has no MariaDB.\n          schema: { type: string, enum: [MySQL, PostgreSQL, SQLServer, MariaDB] }",
            "has no MariaDB.\n          schema: { type: string, enum: [MySQL, PostgreSQL, SQLServer] }",
          ],
        ],
      },
    ],
  },
  {
    title: "write sent again",
    service: "huaweicloud-rds",
    class: "breaking",
    id: "error-kind-changed",
    untyped: true,
    edits: [
      {
        file: restore,
        replace: [
          [
            "DBS.200011: { status: 409, meaning: The instance is busy or out of order., kind: locked }",
            "DBS.200011: { status: 409, meaning: The instance is busy or out of order., kind: throttled }",
          ],
        ],
      },
    ],
  },
  {
    title: "optional request field added",
    service: "tencentcloud-redis",
    class: "additive",
    id: "new-optional-request-property",
    edits: [
      {
        file: backup,
        replace: [
          ["        StorageDays:\n", "        Name: { type: string, description: A name. }\n        StorageDays:\n"],
        ],
      },
    ],
  },
  {
    title: "response field added",
    service: "huaweicloud-rds",
    class: "additive",
    id: "response-optional-property-added",
    edits: [
      {
        file: backups,
        replace: [
          [
            "        size: { type: integer, format: int64, description: Size in KB. }\n",
            "        size: { type: integer, format: int64, description: Size in KB. }\n        zone: { type: string, description: The zone. }\n",
          ],
        ],
      },
    ],
  },
  {
    title: "description changed",
    service: "huaweicloud-rds",
    class: "wording-only",
    id: "description-changed",
    edits: [{ file: backups, replace: [["description: Size in KB.", "description: The size in KB."]] }],
  },
  {
    title: "enum of a response widened",
    service: "huaweicloud-rds",
    class: "additive",
    id: "response-property-enum-value-added",
    edits: [
      {
        file: backups,
        replace: [["[BUILDING, COMPLETED, FAILED, DELETING]", "[BUILDING, COMPLETED, FAILED, DELETING, ARCHIVED]"]],
      },
    ],
  },
  {
    title: "new operation",
    service: "tencentcloud-redis",
    class: "additive",
    id: "operation-added",
    edits: [
      {
        file: backup,
        replace: [
          ["ManualBackupInstance", "PauseInstance"],
          ["manualBackupInstance", "pauseInstance"],
        ],
        to: "tencentcloud-redis/pause-instance.yaml",
        copy: true,
      },
    ],
  },
  {
    title: "schema renamed",
    service: "tencentcloud-redis",
    class: "wording-only",
    id: "reference-changed",
    edits: [{ file: backup, replace: [["ManualBackupInstanceResult", "AcceptedBackup"]] }],
  },
];
