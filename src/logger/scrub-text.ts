const hidden = '[redacted]';

/** Where a secret stands in text that somebody else made: web addresses, headers, JSON. */
const places = [
  /(\/(?:webhooks|interactions)\/\d+\/)[^/?#\s"'\\]+/gi,
  /([?&](?:api_?key|token|access_token|secret|pin|code|password|pw)=)[^&#\s"'\\]+/gi,
  /(\bToken=\\?["']?)[^"'\\,\s]+/gi,
  /(\b(?:Bot|Bearer)\s+)[\w.~+/-]{16,}=*/g,
  /(["']?\b(?:NewPw|CurrentPw|Pw|Password|Pin|Token|AccessToken|ApiKey)\\?["']\s*:\s*\\?["'])(?:[^"'\\]|\\[^"'])+/gi,
];

/** Hides interaction and webhook tokens, API keys and passwords where they stand in a text. */
export function scrubText(text: string): string {
  return places.reduce((clean, place) => clean.replace(place, `$1${hidden}`), text);
}
