using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>Finds the budget of a tenant's host: one for all clients of the process, whatever their credentials, because Coupa counts by instance.</summary>
public interface IRequestBudgetProvider
{
    /// <summary>The budget of the tenant's host. Where two tenants name the same host, the limits given last hold for both.</summary>
    IRequestBudget GetBudget(CoupaTenant tenant);
}
