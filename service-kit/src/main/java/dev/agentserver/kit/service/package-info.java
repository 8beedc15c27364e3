/// What every service starts and stops alike.
package dev.agentserver.kit.service;
