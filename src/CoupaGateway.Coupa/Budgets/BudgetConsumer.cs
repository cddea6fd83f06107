using System.Runtime.InteropServices;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>On whose behalf a request is sent.</summary>
/// <param name="Name">Such as the name of a table.</param>
/// <param name="Priority">Of those that wait, one with twice the priority gets twice the turns; at least 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetConsumer(string Name, int Priority = BudgetConsumer.DefaultPriority)
{
    public const int DefaultPriority = 10;

    public static implicit operator BudgetConsumer(string name) => new(name);
}
