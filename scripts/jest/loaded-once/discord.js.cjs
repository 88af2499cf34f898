module.exports = globalThis[Symbol.for('loaded once')]('discord.js');
