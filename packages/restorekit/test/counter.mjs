// Adds to the number in an intent, again and again, against other processes that do the same.
import { fileIntents } from "../dist/file/index.js";

const [folder, id, times] = process.argv.slice(2);
const store = fileIntents(folder);

for (let done = 0; done < Number(times); ) {
  const { intent, version } = await store.read(id);
  try {
    await store.update({ ...intent, by: String(Number(intent.by) + 1) }, version);
    done++;
  } catch (error) {
    if (error.problem !== "conflict") throw error;
  }
}
