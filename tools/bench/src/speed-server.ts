import http from "node:http";

// The one server of a benchmark run, in a process of its own. It answers what the pages document.

const TENCENT = JSON.stringify({
  Response: {
    RequestId: "2d4387ee-2011-449e-a32b-87f9366f3ef4",
    TotalCount: 2,
    TaskId: 1,
    BackupSet: ["2e4127f8-affe-11e8-941e-4846fb00c75d", "6cbbf53a-affe-11e8-905b-4846fb00c75d"].map((BackupId) => ({
      StartTime: "2018-09-04 12:51:21",
      BackupId,
      BackupType: "0",
      Status: 2,
      Remark: "For testing",
      Locked: 0,
    })),
  },
});
const HUAWEI = JSON.stringify({
  instances: [{ id: "8436a91546294036b75931e879882200in06", name: "nosql-efa6", status: "normal", port: "8635" }],
  total_count: 1,
});

const server = http.createServer((request, response) => {
  request.resume().once("end", () => {
    const body = request.method === "GET" ? HUAWEI : TENCENT;
    if (!request.headers.authorization) response.statusCode = 401;
    response.setHeader("content-type", "application/json");
    response.setHeader("content-length", body.length);
    response.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.once("disconnect", () => process.exit(0));
