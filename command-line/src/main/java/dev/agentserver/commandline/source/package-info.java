/// What people bring: the files of other chat products, conversation trees, and files of ours.
package dev.agentserver.commandline.source;
