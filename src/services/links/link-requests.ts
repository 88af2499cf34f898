import type { RequestExecutor, RequestKindActions } from '../requests/request-executor.js';

/** Requests of the kind `link`: approving one makes the link, so that executing it has nothing left to do. */
export function linkRequests(executor: Pick<RequestExecutor, 'finish'>): RequestKindActions {
  return {
    changesAccount: false,
    execute: (request) => Promise.resolve(executor.finish(request, 'due')),
  };
}
