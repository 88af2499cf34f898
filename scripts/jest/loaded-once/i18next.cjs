module.exports = globalThis[Symbol.for('loaded once')]('i18next');
