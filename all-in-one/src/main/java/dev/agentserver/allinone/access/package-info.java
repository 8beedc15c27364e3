/// A stand-in for the part of settings-service that vouches for principals, for development only.
package dev.agentserver.allinone.identity;
