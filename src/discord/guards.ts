import { AppError } from '../errors.js';
import { helps, type Actor } from '../services/members/actor.js';

/** Throws the AppError that says why an actor may not. Rules about one account belong to the services. */
export type Guard = (actor: Actor) => void;

/** Every member of the server; a guard of its own, so that openness is written down. */
export const everyone: Guard = () => undefined;

/** Helpers and admins. Throws `notAllowed`. */
export const helpers: Guard = (actor) => {
  if (!helps(actor)) throw new AppError('notAllowed');
};

/** Admins only. Throws `adminsOnly`, as `notAllowed` says that it is for helpers, too. */
export const admins: Guard = (actor) => {
  if (actor.rank !== 'admin') throw new AppError('adminsOnly');
};
