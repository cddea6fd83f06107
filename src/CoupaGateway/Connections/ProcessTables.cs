using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Connections;

/// <summary>The named groups of API tables that a connection can select instead of naming tables.</summary>
internal static class ProcessTables
{
    public static ImmutableArray<string> Names { get; } = ["accounts-payable", "purchase-to-pay"];

    public static bool TryFind(string process, out ImmutableArray<string> tables)
    {
        tables = process switch
        {
            "" => BuiltInCatalogue.ApiTables,
            "accounts-payable" => BuiltInCatalogue.AccountsPayable,
            "purchase-to-pay" => BuiltInCatalogue.PurchaseToPay,
            _ => default,
        };
        return !tables.IsDefault;
    }
}
