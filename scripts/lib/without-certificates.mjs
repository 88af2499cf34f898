/**
 * An environment without what names further certificates: node reads all of them at every start, which then takes more than
 * twice as long. The tests start hundreds of programs, none of which talks to anybody outside.
 */
export const withoutCertificates = (env) => ({ ...env, NODE_EXTRA_CA_CERTS: undefined });
