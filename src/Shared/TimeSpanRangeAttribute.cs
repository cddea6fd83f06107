using System.ComponentModel.DataAnnotations;

namespace CoupaGateway;

/// <summary>
/// Requires a time between two limits, both included and written as <c>[d.]hh:mm:ss[.fff]</c>.
/// </summary>
/// <remarks>
/// The framework's attribute reads its limits at its first use and is not safe for threads that come together to it (dotnet/runtime issue 1143):
/// one of them gets an <see cref="InvalidCastException"/>. All objects of a type share their attributes, so two connections
/// that are checked at once are such threads. Here the limits are read before anybody else has the attribute.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeSpanRangeAttribute : RangeAttribute
{
    public TimeSpanRangeAttribute(string minimum, string maximum)
        : base(typeof(TimeSpan), minimum, maximum)
    {
        ParseLimitsInInvariantCulture = true;
        IsValid(TimeSpan.Zero);
    }
}
