/** A workspace of its own, with a history of one commit. */
export interface Copy {
  /** A temporary folder around it, for what stands beside a workspace. */
  readonly home: string;
  readonly folder: string;
  /** The environment of a machine where this copy alone is. */
  readonly env: NodeJS.ProcessEnv;
  /** Deletes all of `home`. */
  remove(): void;
}

/**
 * A working tree, with what is not committed yet, as a repository of its own: committed on main and installed. It shares
 * nothing with the original but pnpm's store.
 * @param workspace the original, installed
 * @throws with what git or pnpm said
 */
export function copyOf(workspace: string): Copy;
