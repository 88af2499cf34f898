module.exports = globalThis[Symbol.for('loaded once')]('better-sqlite3');
