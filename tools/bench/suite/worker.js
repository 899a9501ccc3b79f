import { start } from "./start.js";

export default {
  test: (_, { LAB }) => start(LAB),
};
