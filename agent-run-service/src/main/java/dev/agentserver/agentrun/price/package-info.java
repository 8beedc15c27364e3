/// What units cost: versions of prices, and how a price is found.
package dev.agentserver.agentrun.price;
