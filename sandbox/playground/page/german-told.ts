/** What the playground's server tells, in German, by the English: stories, and what it is busy with. A value stands as {name}. */
const german: Readonly<Record<string, string>> = {
  // What it is busy with, and what cannot be done
  'The bot is starting.': 'Der Bot startet.',
  'A fresh household is starting.': 'Ein neuer Haushalt startet.',
  'Time passes.': 'Zeit vergeht.',
  'The household is starting.': 'Der Haushalt startet gerade.',
  'Nobody can sign in to the dashboard: the password of root is another by now.':
    'Niemand kommt ins Dashboard: Das Passwort von root ist inzwischen ein anderes.',

  // Titles
  'Maya forgot her password': 'Maya hat ihr Passwort vergessen',
  'Leo links himself, with a code': 'Leo verknüpft sich selbst, mit einem Code',
  'Leo signs the television in': 'Leo meldet den Fernseher an',
  'A friend guesses at Leo’s password': 'Ein Freund rät Leos Passwort',
  'Gran forgets her new password': 'Gran vergisst ihr neues Passwort',
  'Leo locked himself out': 'Leo hat sich ausgesperrt',
  'Dad says no': 'Dad sagt Nein',
  'Dad forgot the administrator’s password': 'Dad hat das Administratorpasswort vergessen',
  'The only administrator is locked out': 'Der einzige Administrator ist ausgesperrt',

  // How a sign-in goes
  '{who} → signed in': '{who} → angemeldet',
  '{who} → wrong password': '{who} → falsches Passwort',
  '{who} → locked out, whatever the password': '{who} → ausgesperrt, mit jedem Passwort',
  'Maya tries “{password}”, her best guess': 'Maya probiert „{password}“, ihre beste Idee',
  'Maya uses the password from that message': 'Maya nimmt das Passwort aus der Nachricht',
  'The password she had forgotten': 'Das Passwort, das sie vergessen hatte',
  'The friend tries “{password}”': 'Der Freund probiert „{password}“',
  'Leo’s own password': 'Leos eigenes Passwort',
  'Leo signs in with his usual password': 'Leo meldet sich mit seinem üblichen Passwort an',
  'The password she had before': 'Das Passwort, das sie vorher hatte',
  'Somebody finds the password and tries it': 'Jemand findet das Passwort und probiert es',
  '{who} mistypes “{password}”': '{who} vertippt sich: „{password}“',
  '{who} types it right, too late': '{who} tippt es richtig, zu spät',
  'Leo uses his usual password, still the same': 'Leo nimmt sein übliches Passwort, noch dasselbe',
  'Later, Dad tries “{password}”': 'Später probiert Dad „{password}“',
  'Dad uses the password from that message': 'Dad nimmt das Passwort aus der Nachricht',
  'The password he had forgotten': 'Das Passwort, das er vergessen hatte',
  'The password from before': 'Das Passwort von vorher',

  // What is shown to be true
  'Her account is otherwise unchanged': 'Ihr Konto ist sonst unverändert',
  'The password is in neither the log nor the database': 'Das Passwort steht weder im Protokoll noch in der Datenbank',
  'The password stands nowhere in what the bot has written':
    'Das Passwort steht nirgends in dem, was der Bot geschrieben hat',
  'Jellyfin takes the code': 'Jellyfin nimmt den Code an',
  'Jellyfin’s log: “leo is online from Latchkey”, then “leo has disconnected from Latchkey”, and no more':
    'Jellyfins Protokoll: „leo is online from Latchkey“, dann „leo has disconnected from Latchkey“, und nicht mehr',
  'The bot is signed in on no device any more': 'Der Bot ist auf keinem Gerät mehr angemeldet',
  'Leo’s tablet is signed in as before': 'Leos Tablet ist angemeldet wie zuvor',
  'Nobody has confirmed that code yet': 'Noch hat niemand diesen Code bestätigt',
  'The television is signed in, as leo': 'Der Fernseher ist angemeldet, als leo',
  'Jellyfin answers it': 'Jellyfin antwortet ihm',
  'His tablet is shut out, too': 'Sein Tablet ist auch ausgesperrt',
  'His tablet works again': 'Sein Tablet geht wieder',
  '#admins has that one card with Unlock, and no other': '#admins hat diese eine Karte mit Unlock und keine weitere',
  'It stands in no message any more': 'Es steht in keiner Nachricht mehr',
  'It is in neither the log nor the database': 'Es steht weder im Protokoll noch in der Datenbank',
  'The television is signed in as before': 'Der Fernseher ist angemeldet wie zuvor',
  'Nothing about his account was changed': 'An seinem Konto wurde nichts geändert',
  'Dad deletes an API key in the dashboard that he does not recognise → it was the bot’s':
    'Dad löscht im Dashboard einen API-Schlüssel, den er nicht kennt → es war der des Bots',
  'The deleted API key is refused': 'Der gelöschte API-Schlüssel wird abgewiesen',
  'The new one, in the bot’s .env, is taken': 'Der neue, in der .env des Bots, wird angenommen',
  'Dad sets a password of his own, as the message says': 'Dad setzt ein eigenes Passwort, wie die Nachricht es sagt',
  'He is an administrator still, and not locked any more': 'Er ist noch Administrator und nicht mehr gesperrt',
  'Maya’s and Leo’s accounts are as they were': 'Mayas und Leos Konten sind, wie sie waren',
  'Leo’s television is signed in as before': 'Leos Fernseher ist angemeldet wie zuvor',

  // What happens, and what is said of it
  'Leo types {code} under “Quick Connect” on his tablet': 'Leo tippt {code} unter „Quick Connect“ auf seinem Tablet',
  'The clock jumps: it is nearly 4 in the afternoon.': 'Die Uhr springt: Es ist fast vier Uhr nachmittags.',
  'The clock jumps: the next morning, nearly 7, and Gran has not signed in.':
    'Die Uhr springt: Am nächsten Morgen, fast sieben, hat Gran sich nicht angemeldet.',
  'The clock jumps: the next afternoon, nearly 5. Her 24 hours are over.':
    'Die Uhr springt: Am nächsten Nachmittag, fast fünf. Ihre 24 Stunden sind um.',
  'Nobody has asked for anything. Twice a minute, the bot looks into Jellyfin’s log:':
    'Niemand hat um etwas gebeten. Zweimal in der Minute sieht der Bot in Jellyfins Protokoll:',
  'A helper needs nobody’s approval for an ordinary account.':
    'Eine Helferin braucht für ein gewöhnliches Konto niemandes Zustimmung.',
  'Dad deletes an API key that he does not recognise in Jellyfin’s dashboard':
    'Dad löscht in Jellyfins Dashboard einen API-Schlüssel, den er nicht kennt',
  'Latchkey never touches jellyfin.db of a running server: it watches that it stays stopped, for 10 s (here for 1 s).':
    'Latchkey rührt die jellyfin.db eines laufenden Servers nie an: Es sieht 10 s lang zu (hier 1 s), dass er aus bleibt.',
  'The television asks for a code': 'Der Fernseher fragt nach einem Code',
  '{who} types {line}': '{who} tippt {line}',
  '{who} presses “{label}”': '{who} drückt „{label}“',
  '{who} writes “{words}”': '{who} schreibt „{words}“',
};

const patterns = Object.entries(german)
  .filter(([english]) => english.includes('{'))
  .map(([english, words]) => ({ pattern: patternOf(english), words }));

/** The German for what the playground tells; undefined where there is none. */
export function inGerman(english: string): string | undefined {
  const exact = german[english];
  if (exact !== undefined) return exact;
  for (const { pattern, words } of patterns) {
    const values = pattern.exec(english)?.groups;
    if (!values) continue;
    return words.replace(/\{(\w+)\}/g, (_all, name: string) => inGerman(values[name] ?? '') ?? values[name] ?? '');
  }
  return undefined;
}

function patternOf(english: string): RegExp {
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, '(?<$1>.+)')}$`);
}
