/** The page's own sentences in German, by the English ones. */
export const germanFrame = {
  // The bar
  'gets a household back into its Jellyfin': 'bringt einen Haushalt zurück in sein Jellyfin',
  Trouble: 'Störungen',
  Clock: 'Uhr',
  'Start again': 'Von vorn',
  Behind: 'Hinter',
  ' the scenes': ' den Kulissen',
  'Behind the scenes': 'Hinter den Kulissen',
  'Light or dark': 'Hell oder dunkel',
  Close: 'Schließen',
  runs: 'läuft',
  'is down': 'ist aus',
  'is slow (3 s)': 'ist langsam (3 s)',
  'is starting': 'startet gerade',
  'is slow (1.5 s)': 'ist langsam (1,5 s)',
  'Direct messages are closed': 'Direktnachrichten sind gesperrt',
  'The bot': 'Der Bot',
  'Kill it (as a power cut does)': 'Abschießen (wie ein Stromausfall)',
  'Start it again': 'Wieder starten',
  'Its API key is deleted. /rescue makes another.': 'Sein API-Schlüssel ist gelöscht. /rescue macht einen neuen.',
  'Delete its API key in Jellyfin': 'Seinen API-Schlüssel in Jellyfin löschen',
  'Version of Jellyfin (starts again)': 'Version von Jellyfin (beginnt von vorn)',
  'It is moved for all of them; the bot is started again for it.':
    'Sie wird für alle verstellt; der Bot wird dafür neu gestartet.',
  'An hour later': 'Eine Stunde später',
  'A day later': 'Einen Tag später',
  'What the bot does for each press is listed here: its calls, its log, the rows of its database. Press something.':
    'Hier steht, was der Bot bei jedem Druck tut: seine Aufrufe, sein Protokoll, die Zeilen seiner Datenbank. Drücke etwas.',
  '{jellyfin} to Jellyfin, {discord} to Discord': '{jellyfin} an Jellyfin, {discord} an Discord',
  after: 'nach',
  'to or from': 'an oder von',
  what: 'was',
  answer: 'Antwort',
  took: 'Dauer',
  'cut off': 'abgebrochen',
  log: 'Protokoll',
  database: 'Datenbank',

  // The phones
  'What is shown': 'Was zu sehen ist',
  'Whose phone is on the left': 'Wessen Handy links ist',
  'Whose phone is on the right': 'Wessen Handy rechts ist',
  '{name}’s language': 'Sprache von {name}',
  '{name}’s phone': 'Handy von {name}',
  '{name} (member)': '{name} (Mitglied)',
  '{name} (helper)': '{name} (hilft)',
  '{name} (admin)': '{name} (Admin)',
  '{name} (a stranger)': '{name} (fremd)',
  'TV & stories': 'Geschichten',
  'The playground has ended: start it again with npm run playground.':
    'Der Spielplatz ist zu Ende: Starte ihn mit npm run playground neu.',
  'The playground does not answer: is it still running?': 'Der Spielplatz antwortet nicht: Läuft er noch?',
  'Starting …': 'Startet …',

  // The television
  'Unable to connect to the selected server right now. Please ensure it is running and try again.':
    'Zurzeit ist keine Verbindung zum ausgewählten Server möglich. Bitte stelle sicher, dass er läuft, und versuche es erneut.',
  'Invalid username or password entered. Please try again.':
    'Ungültiger Benutzername oder ungültiges Passwort. Bitte versuche es erneut.',
  'You are not authorized to access the server at this time. Please contact your server administrator for more information.':
    'Du darfst derzeit nicht auf den Server zugreifen. Bitte wende dich an den Administrator des Servers.',
  'The server is starting. Please try again shortly.':
    'Der Server startet gerade. Bitte versuche es gleich noch einmal.',
  'Jellyfin answers {status}.': 'Jellyfin antwortet mit {status}.',
  'The television with Jellyfin': 'Der Fernseher mit Jellyfin',
  'The television': 'Der Fernseher',
  'Please sign in': 'Bitte anmelden',
  User: 'Benutzer',
  Password: 'Passwort',
  'Sign In': 'Anmelden',
  'Use Quick Connect': 'Quick Connect verwenden',
  'Quick Connect code': 'Quick-Connect-Code',
  'Confirm it where you are signed in, or with /signin.': 'Bestätige ihn, wo du angemeldet bist, oder mit /signin.',
  'Signed in to Jellyfin': 'Bei Jellyfin angemeldet',
  'Nobody is signed in anywhere.': 'Niemand ist irgendwo angemeldet.',
  ' on {device}': ' auf: {device}',
  'Signed in as ': 'Angemeldet als ',
  Movies: 'Filme',
  Shows: 'Serien',
  Music: 'Musik',
  'Switch user': 'Benutzer wechseln',

  // The stories
  Stories: 'Geschichten',
  'All stories': 'Alle Geschichten',
  Next: 'Weiter',
  Play: 'Abspielen',
  Pause: 'Anhalten',
  'Somebody in the family cannot sign in to Jellyfin. They ask the bot in Discord, an admin approves with one tap, and they are back in. Play it by yourself on the phones, or watch a story:':
    'Jemand in der Familie kommt nicht in Jellyfin hinein. Er fragt den Bot in Discord, ein Admin stimmt mit einem Tippen zu, und er ist wieder drin. Spiele es selbst auf den Handys, oder sieh dir eine Geschichte an:',
  'Watch: {title}': 'Ansehen: {title}',
  'A fresh household is starting …': 'Ein neuer Haushalt startet …',
  'What happened so far': 'Was bisher geschah',
  'Next: {act}': 'Als Nächstes: {act}',
  'The bot is at work …': 'Der Bot arbeitet …',
  'Everything came true. The household stays as it is: go on by yourself, or choose another story.':
    'Alles ist wahr geworden. Der Haushalt bleibt, wie er ist: Mach selbst weiter, oder wähle eine andere Geschichte.',
  'The story cannot go on, as something else was done meanwhile: “{why}” did not come true. Choose it again to begin with a fresh household.':
    'Die Geschichte kann nicht weitergehen, weil inzwischen etwas anderes getan wurde: „{why}“ ist nicht wahr geworden. Wähle sie noch einmal, um mit einem neuen Haushalt zu beginnen.',
  '{who} types {line}': '{who} tippt {line}',
  '{who} presses “{label}”': '{who} drückt „{label}“',
  '{who} writes “{words}” and sends it': '{who} schreibt „{words}“ und sendet es ab',
  'on the television: {words} ({account} / {password})': 'am Fernseher: {words} ({account} / {password})',
  'the television asks for a Quick Connect code': 'der Fernseher fragt nach einem Quick-Connect-Code',
  'This page plays a recording: here works what the story points at. npm run playground has the whole household.':
    'Diese Seite spielt eine Aufzeichnung: Hier geht, worauf die Geschichte zeigt. Den ganzen Haushalt hat npm run playground.',
} as const;
