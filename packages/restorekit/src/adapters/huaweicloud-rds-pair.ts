import type { createClient } from "@restorekit/huaweicloud-rds";
import { check } from "../checks.js";
import type { Check } from "../model.js";

type Instance = Awaited<ReturnType<ReturnType<typeof createClient>["listInstances"]>>["instances"][number];

const OTC = "https://docs.otc.t-systems.com/relational-database-service/api-ref";
export const INSTANCES = `${OTC}/api_v3_recommended/db_instance_management/querying_db_instances.html`;
export const RESTORE = `${OTC}/api_v3.1_recommended/restoring_data_to_an_existing_db_instance.html`;

/** Whether one instance can take the data of the other: the rules differ by engine. */
export function checkPair(source: Instance | undefined, target: Instance, databases: unknown): Check[] {
  if (!source) {
    const next = "The instance that the data come from must still exist.";
    return [check("sourceMatches", false, { found: "no such source instance", next, page: RESTORE })];
  }
  const engine = target.datastore?.type?.toLowerCase();
  const checks = [
    check("sourceMatches", matches(source, target, engine), {
      found: `${describe(source)} into ${describe(target)}`,
      next: "Same engine. MySQL: the target not older; PostgreSQL: same version, another instance; SQL Server: same time zone.",
      page: RESTORE,
    }),
  ];
  if (engine === "mysql") {
    const [from, to] = [source.volume?.size, target.volume?.size];
    checks.push(
      check("storageFits", from === undefined || to === undefined ? undefined : to >= from, {
        found: `${from} GB into ${to} GB`,
        next: "Enlarge the storage of the target to that of the source.",
        page: RESTORE,
      }),
    );
  }
  if (engine === "sqlserver" || databases !== undefined) {
    checks.push(
      check("databasesChosen", (engine === "sqlserver") === (databases !== undefined), {
        found: databases === undefined ? "not given" : `given, with ${target.datastore?.type}`,
        next: "With SQL Server give `databases`, as the documents disagree on what is restored without it; else leave it out.",
        page: RESTORE,
      }),
    );
  }
  return checks;
}

function matches(source: Instance, target: Instance, engine: string | undefined): boolean | undefined {
  const [from, to] = [source.datastore, target.datastore];
  if (from?.type === undefined || engine === undefined) return undefined;
  if (from.type.toLowerCase() !== engine) return false;
  if (engine === "postgresql") return source.id !== target.id && from.version === to?.version;
  if (engine === "sqlserver") return source.time_zone === target.time_zone;
  if (engine === "mysql") return compareVersions(to?.version, from.version) >= 0;
  return undefined;
}

function compareVersions(a = "", b = "") {
  return a.localeCompare(b, "en", { numeric: true });
}

const describe = ({ datastore }: Instance) => `${datastore?.type} ${datastore?.version}`;
