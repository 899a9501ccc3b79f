// What pnpm writes into the package.json of a tarball: nothing that only the workspace needs. So a new version of a
// development tool does not change a package, and no script of ours can run at a user's.
module.exports = {
  hooks: {
    beforePacking({ devDependencies, scripts, ...manifest }) {
      return manifest;
    },
  },
};
