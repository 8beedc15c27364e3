/// What becomes of the files of users and tenants that are erased.
package dev.agentserver.file.erasure;
