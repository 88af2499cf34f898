/** As Jellyfin's own web server: after node's 5 s a caller may meet a kept connection that is just being closed. */
export const keepAliveTimeout = 130_000;
