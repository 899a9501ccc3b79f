import type { Call, Emulation, Reply } from "../call.js";
import { Refusal } from "../refusal.js";
import { DAY, type Project } from "../state.js";

export const identity: Emulation = {
  name: "identity",
  handlers: { createToken, listAuthProjects, listProjects },
  failure({ status, code, message }, { requestId }) {
    if (code.startsWith("APIGW.")) return { error_code: code, error_msg: message, request_id: requestId };
    // The service has two envelopes; a refused login comes in the older one.
    if (code === "IAM.0062") return { error: { code: status, message, title: "Unauthorized" } };
    return { error_code: code, error_msg: message };
  },
};

interface TokenRequest {
  identity: {
    password?: { user: { name?: string; id?: string; password: string; domain?: { name: string } } };
    token?: { id: string };
  };
  scope: { project?: { id?: string; name?: string }; domain?: { id?: string; name?: string } };
}

const USER_ID = "00000000000000000000000000000001";

function createToken(call: Call): Reply {
  const { now, login, state, tokens } = call;
  const { identity, scope } = call.body.auth as TokenRequest;
  if (identity.password) {
    const { name, id, password, domain } = identity.password.user;
    const known = id === USER_ID || (name === login.user && domain?.name === login.domain);
    if (!known || password !== login.password) {
      throw new Refusal(401, "IAM.0062", "The username or password is wrong.");
    }
  } else {
    const given = tokens.get(identity.token?.id ?? "");
    if (!given) throw new Refusal(401, "IAM.0067", "The token is not valid.");
    if (given.expiresAt <= now) throw new Refusal(401, "IAM.0066", "The token is past its end.");
  }

  const wanted = scope.project;
  const project = wanted && state.projects.find(({ id, name }) => id === wanted.id || name === wanted.name);
  if (wanted && !project) throw new Refusal(400, "IAM.1109", "There is no such project.");
  const domain = { id: state.projects[0]?.domainId ?? "", name: login.domain };
  const token = `MII${call.random.hex(61)}`;
  const expiresAt = now + DAY;
  tokens.set(token, { expiresAt, projectId: project?.id });
  const micros = (at: number) => new Date(at).toISOString().replace("Z", "000Z");
  return {
    status: 201,
    headers: { "X-Subject-Token": token },
    body: {
      token: {
        methods: [identity.password ? "password" : "token"],
        issued_at: micros(now),
        expires_at: micros(expiresAt),
        ...(project ? { project: { id: project.id, name: project.name, domain } } : { domain }),
        user: { id: USER_ID, name: login.user, domain, password_expires_at: null },
        roles: [{ id: "0", name: "te_admin" }],
        ...(call.parameters.nocatalog === undefined && { catalog: [] }),
      },
    },
  };
}

function listAuthProjects(call: Call): Reply {
  return { status: 200, body: { projects: call.state.projects.map(describe), links: links("auth/projects") } };
}

function listProjects(call: Call): Reply {
  const { domain_id, name, enabled, is_domain, page, per_page, parent_id } = call.parameters as {
    [key: string]: string | boolean | number;
  };
  if ((page === undefined) !== (per_page === undefined)) {
    throw new Refusal(400, "IAM.0072", "page goes with per_page.");
  }
  const all = call.state.projects
    .filter(
      (project) => (domain_id ?? project.domainId) === project.domainId && (name ?? project.name) === project.name,
    )
    .filter((project) => (parent_id ?? project.domainId) === project.domainId)
    .filter(() => enabled !== false && is_domain !== true);
  const size = Number(per_page ?? all.length);
  const start = (Number(page ?? 1) - 1) * size;
  return {
    status: 200,
    body: { projects: all.slice(start, start + size).map(describe), links: links("projects") },
  };
}

function describe({ id, name, domainId }: Project) {
  return {
    id,
    name,
    domain_id: domainId,
    parent_id: domainId,
    description: "",
    enabled: true,
    is_domain: false,
    links: links(`projects/${id}`),
  };
}

function links(path: string) {
  return { self: `https://iam.example.com/v3/${path}`, previous: null, next: null };
}
