using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CoupaGateway.Configuration;

namespace CoupaGateway.Tests.Configuration;

/// <summary>Makes the table of all settings of the options and their comments.</summary>
internal sealed partial class ConfigurationTable
{
    private readonly StringBuilder _text = new("| setting | meaning | allowed | default |\n| --- | --- | --- | --- |\n");

    private static Dictionary<string, XElement> Comments { get; } = Directory.GetFiles(AppContext.BaseDirectory, "CoupaGateway*.xml")
        .SelectMany(static file => XDocument.Load(file).Descendants("member")).GroupBy(static member => (string)member.Attribute("name")!).ToDictionary(static group => group.Key, static group => group.First());

    public static string Make()
    {
        var table = new ConfigurationTable();
        foreach (var section in ConfigurationSections.All.Prepend(ConfigurationSections.Connection))
        {
            foreach (var options in section.Options)
                table.AddSection(section.Path, options, Activator.CreateInstance(options)!);
        }

        return table._text.ToString();
    }

    private void AddSection(string path, Type options, object values)
    {
        foreach (var property in OptionShape.PropertiesOf(options))
            AddProperty($"{path}:{property.Name}", property, property.GetValue(values));
    }

    private void AddProperty(string path, PropertyInfo property, object? value)
    {
        var shape = OptionShape.Of(property.PropertyType);
        switch (shape.Kind)
        {
            case OptionKind.Section:
                AddSection(path, shape.Type, value ?? Activator.CreateInstance(shape.Type)!);
                break;
            case OptionKind.List or OptionKind.Map when OptionShape.Of(shape.Type).Kind == OptionKind.Section:
                AddSection(path + (shape.Kind == OptionKind.Map ? ":{key}" : ":0"), shape.Type, Activator.CreateInstance(shape.Type)!);
                break;
            default:
                var suffix = shape.Kind == OptionKind.List ? ":0" : string.Empty;
                var type = shape.Kind == OptionKind.List ? OptionShape.Of(shape.Type).Type : shape.Type;
                _text.Append(CultureInfo.InvariantCulture, $"| `{path}{suffix}` | {Meaning(property)} | {Allowed(property, type)} | {Default(property, value)} |\n");
                break;
        }
    }

    private static string Meaning(PropertyInfo property)
    {
        Assert.True(Comments.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out var comment), $"{property.DeclaringType.Name}.{property.Name} has no summary.");
        return Text(comment.Element("summary")!);
    }

    private static string Text(XElement element) => Space().Replace(string.Concat(element.Nodes().Select(static node => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } link => $"`{((string)link.Attribute("cref")!).Split('.')[^1]}`",
        XElement other => Text(other),
        _ => node.ToString(),
    })), " ").Replace("|", "\\|", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Trim();

    private static string Allowed(PropertyInfo property, Type type) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{ConfigurationFaults.Written(range.Minimum)} to {ConfigurationFaults.Written(range.Maximum)}" : type == typeof(string) ? string.Empty : ConfigurationFaults.NameOf(type);

    // Where the sentence has it, it is said better there; and a folder of this machine is nobody else's.
    private static string Default(PropertyInfo property, object? value) =>
        value is null or "" or 0 or System.Collections.ICollection || Meaning(property).Contains("default", StringComparison.OrdinalIgnoreCase) ? string.Empty : $"`{ConfigurationFaults.Written(value)}`";

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
