namespace CoupaGateway.Coupa.Budgets;

/// <summary>The state of a request budget at one moment.</summary>
/// <param name="RequestsPerSecond">Requests a second over the last five seconds.</param>
/// <param name="AllowedPerSecond">Requests a second allowed now: the configured rate, or less for a while after a 429.</param>
/// <param name="InFlight">Requests on the wire.</param>
/// <param name="Waiting">Callers in the queue.</param>
public sealed record BudgetUsage(double RequestsPerSecond, double AllowedPerSecond, int InFlight, int Waiting);
