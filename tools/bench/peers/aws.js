import { RDSClient, RestoreDBInstanceFromDBSnapshotCommand } from "@aws-sdk/client-rds";

export function write(url) {
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const client = new RDSClient({ endpoint: url, region: "eu-central-1", credentials });
  return client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: "i-1", DBSnapshotIdentifier: "b-1" }),
  );
}
