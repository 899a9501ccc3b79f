const unreachable =
  /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_(META_FETCH_FAIL|NO_OFFLINE_(META|TARBALL))/;

/** Whether npm or pnpm failed because it could not reach the registry. */
export function lacksNetwork(output) {
  return unreachable.test(output);
}
