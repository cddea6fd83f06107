using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>Names that requests give to what they make up. ODL takes whatever stands after <c>as</c>, numbers too; no client could read that back.</summary>
internal static partial class PropertyNames
{
    /// <exception cref="FeedException">400: the name is no OData identifier.</exception>
    public static void Check(string name, string option)
    {
        if (!Identifier().IsMatch(name))
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"In {option}, '{(name.Length <= 100 ? name : name[..100])}' is no name for a property: names are letters, digits and underscores, at most 128, and do not begin with a digit.", option);
    }

    /// <summary>CSDL 4.01, section 15.2.</summary>
    [GeneratedRegex(@"^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Identifier();
}
