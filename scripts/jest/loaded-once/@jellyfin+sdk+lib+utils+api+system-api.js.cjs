module.exports = globalThis[Symbol.for('loaded once')]('@jellyfin/sdk/lib/utils/api/system-api.js');
