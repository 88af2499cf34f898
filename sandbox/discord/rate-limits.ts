import { createHash } from 'node:crypto';
import type { JsonObject } from './json.js';
import type { CallMatch } from './faults.js';
import type { RecordedRequest } from './request-log.js';

interface BucketLimit extends CallMatch {
  limit: number;
  /** Milliseconds after which a bucket is full again. */
  perMs: number;
}

interface Verdict {
  headers: Record<string, string>;
  /** Present when the request is one too many: the body of the 429. */
  refused?: JsonObject;
}

interface Bucket {
  used: number;
  resetsAt: number;
}

/** The body and headers of a 429, as documented. */
export function tooMany(retryAfterMs: number, scope: 'user' | 'global' | 'shared'): Verdict & { refused: JsonObject } {
  const seconds = Math.max(retryAfterMs, 1) / 1000;
  return {
    headers: {
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': scope,
      ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
    },
    refused: { message: 'You are being rate limited.', retry_after: seconds, global: scope === 'global', code: 0 },
  };
}

/** One bucket for each route and major parameter, and one for everything together; roomy until a test says otherwise. */
export class RateLimits {
  private readonly rules: BucketLimit[] = [];
  private readonly buckets = new Map<string, Bucket>();
  private globalRule: { limit: number; perMs: number } | undefined;

  /** Sets the size of the buckets of the matching calls. */
  set(rule: BucketLimit): void {
    this.rules.unshift(rule);
    this.buckets.clear();
  }

  /** Sets how many calls may come in all, whatever the route; interaction callbacks and webhooks do not count. */
  setGlobal(limit: number, perMs = 1000): void {
    this.globalRule = { limit, perMs };
  }

  judge(request: RecordedRequest, route: string, major: string): Verdict {
    if (this.globalRule && !/^\/(interactions|webhooks)\//.test(request.path)) {
      const bucket = this.take('global', this.globalRule.perMs);
      if (bucket.used > this.globalRule.limit) return tooMany(bucket.resetsAt - Date.now(), 'global');
    }
    const rule = this.rules.find((each) => matches(each, request)) ?? { limit: 10_000, perMs: 1000 };
    const bucket = this.take(`${request.method} ${route} ${major}`, rule.perMs);
    const left = bucket.resetsAt - Date.now();
    const refused = bucket.used > rule.limit ? tooMany(left, 'user') : undefined;
    return {
      headers: {
        'x-ratelimit-limit': String(rule.limit),
        'x-ratelimit-remaining': String(Math.max(0, rule.limit - bucket.used)),
        'x-ratelimit-reset': (bucket.resetsAt / 1000).toFixed(3),
        'x-ratelimit-reset-after': (Math.max(left, 0) / 1000).toFixed(3),
        'x-ratelimit-bucket': createHash('md5').update(`${request.method} ${route}`).digest('hex'),
        ...refused?.headers,
      },
      ...(refused ? { refused: refused.refused } : {}),
    };
  }

  private take(key: string, perMs: number): Bucket {
    const now = Date.now();
    let bucket = this.buckets.get(key);
    if (!bucket || bucket.resetsAt <= now) {
      bucket = { used: 0, resetsAt: now + perMs };
      this.buckets.set(key, bucket);
    }
    bucket.used += 1;
    return bucket;
  }
}

function matches(rule: CallMatch, request: RecordedRequest): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) return false;
  return rule.path === undefined || rule.path.test(request.path);
}
