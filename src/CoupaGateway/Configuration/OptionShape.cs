using System.Reflection;

namespace CoupaGateway.Configuration;

/// <summary>What the binder makes of a property: a value, a list, a map by name, or a section of its own.</summary>
internal sealed record OptionShape(OptionKind Kind, Type Type)
{
    /// <summary>Properties that can be written in a configuration.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property is { CanWrite: true, CanRead: true } && property.GetIndexParameters().Length == 0);

    public static OptionShape Of(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string) || bare.IsPrimitive || bare.IsEnum || bare == typeof(decimal) || bare == typeof(TimeSpan) || bare == typeof(Uri))
            return new OptionShape(OptionKind.Value, bare);
        if (!bare.IsGenericType)
            return new OptionShape(OptionKind.Section, bare);

        return bare.GetGenericArguments() is [_, var value] ? new OptionShape(OptionKind.Map, value) : new OptionShape(OptionKind.List, bare.GetGenericArguments()[0]);
    }
}
