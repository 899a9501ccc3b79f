export { huaweiCredentials } from "./huawei.js";
export { type Login, type OtcOptions, otcCredentials } from "./otc.js";
export { type Settings, type SourcedProvider, SourceError, type SourceOptions } from "./source.js";
export { tencentCredentials } from "./tencent.js";
