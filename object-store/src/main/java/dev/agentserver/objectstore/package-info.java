/// An S3 store on a directory, for where none is at hand: development and tests.
package dev.agentserver.objectstore;
