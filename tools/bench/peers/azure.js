import { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";

export async function write(url) {
  const request = createPipelineRequest({
    url: `${url}/restores`,
    method: "POST",
    body: '{"backup_id":"b-1"}',
    allowInsecureConnection: true,
  });
  const { status } = await createPipelineFromOptions({}).sendRequest(createDefaultHttpClient(), request);
  if (status !== 200) throw new Error(`HTTP ${status}`);
}
