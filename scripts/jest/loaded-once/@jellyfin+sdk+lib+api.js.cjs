module.exports = globalThis[Symbol.for('loaded once')]('@jellyfin/sdk/lib/api.js');
