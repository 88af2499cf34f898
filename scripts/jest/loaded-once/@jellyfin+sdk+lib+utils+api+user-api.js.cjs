module.exports = globalThis[Symbol.for('loaded once')]('@jellyfin/sdk/lib/utils/api/user-api.js');
