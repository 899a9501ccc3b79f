/** Whether npm or pnpm failed because it could not reach the registry. */
export function lacksNetwork(output: string): boolean;
