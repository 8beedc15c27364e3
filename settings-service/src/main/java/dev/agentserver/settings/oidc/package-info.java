/// Sign-in by tokens of OIDC providers: which are trusted, how their tokens are verified, and whom
/// they stand for.
package dev.agentserver.settings.oidc;
