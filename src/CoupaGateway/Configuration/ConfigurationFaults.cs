using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using CoupaGateway.Connections;

namespace CoupaGateway.Configuration;

/// <summary>Finds everything that is wrong with a configuration at once: names that are no settings, values that cannot be read, values that are not allowed.</summary>
internal sealed class ConfigurationFaults
{
    private readonly List<string> _faults = [];

    private ConfigurationFaults()
    {
    }

    /// <summary>Each fault names the key, the value unless it is a secret, and what is allowed. What connections mean is left to <see cref="ConfiguredConnections"/>.</summary>
    public static IReadOnlyList<string> Find(IConfiguration configuration)
    {
        var faults = new ConfigurationFaults();
        foreach (var section in ConfigurationSections.All)
        {
            var before = faults._faults.Count;
            faults.Check(configuration.GetSection(section.Path), section.Options, isJudged: true);
            if (faults._faults.Count == before)
                faults.Judge(configuration.GetSection(section.Path), section.Options[0]);
        }

        foreach (var connection in configuration.GetSection(ConnectionOptions.Section).GetChildren())
            faults.Check(connection, ConfigurationSections.Connection.Options, isJudged: false);
        return faults._faults;
    }

    /// <param name="isJudged">Whether values are held against what is allowed, and not only read.</param>
    private void Check(IConfigurationSection section, Type[] options, bool isJudged)
    {
        var known = options.SelectMany(OptionShape.PropertiesOf).ToArray();
        foreach (var child in section.GetChildren())
        {
            if (known.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } property)
                CheckValue(child, OptionShape.Of(property.PropertyType), property, isJudged);
            else if (!ConfigurationSections.All.Any(other => other.Path.Equals(child.Path, StringComparison.OrdinalIgnoreCase)))
                _faults.Add($"{child.Path}: there is no such setting; {section.Path} has {string.Join(", ", known.Select(static one => one.Name).Order(StringComparer.Ordinal))}.");
        }
    }

    private void CheckValue(IConfigurationSection section, OptionShape shape, PropertyInfo property, bool isJudged)
    {
        switch (shape.Kind)
        {
            case OptionKind.Section:
                Check(section, [shape.Type], isJudged);
                break;
            case OptionKind.List or OptionKind.Map:
                foreach (var item in section.GetChildren())
                    CheckValue(item, OptionShape.Of(shape.Type), property, isJudged: false);
                break;
            default:
                if (section.Value is { } text && TryRead(section, text, shape.Type, out var value) && isJudged)
                    Judge(section, text, value, property);
                break;
        }
    }

    private bool TryRead(IConfigurationSection section, string text, Type type, out object? value)
    {
        try
        {
            value = type == typeof(string) ? text : TypeDescriptor.GetConverter(type).ConvertFromString(context: null, CultureInfo.InvariantCulture, text);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            value = null;
            _faults.Add($"{section.Path}: '{text}' is not {NameOf(type)}.");
            return false;
        }
    }

    private void Judge(IConfigurationSection section, string text, object? value, PropertyInfo property)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
        {
            _faults.Add(rule switch
            {
                RangeAttribute range => $"{section.Path}: '{text}' is not allowed: give {Written(range.Minimum)} to {Written(range.Maximum)}.",
                RequiredAttribute => $"{section.Path}: it is empty; give a value or leave it out.",
                _ => $"{section.Path}: {rule.FormatErrorMessage(property.Name)}",
            });
        }
    }

    /// <summary>What values mean together, and what was left out.</summary>
    private void Judge(IConfigurationSection section, Type type)
    {
        var options = Activator.CreateInstance(type)!;
        section.Bind(options);
        if (options is IValidatableObject validatable)
            _faults.AddRange(validatable.Validate(new ValidationContext(options)).Select(static result => result.ErrorMessage!));
    }

    /// <summary>A value as a configuration would have it.</summary>
    public static string Written(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan { Ticks: var ticks } time when ticks % TimeSpan.TicksPerSecond != 0 => time.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>What a value has to be, in words.</summary>
    public static string NameOf(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time such as 00:00:30 (hours:minutes:seconds) or 1.00:00:00 (a day)"
        : type == typeof(Uri) ? "an address"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(string) ? "text"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : "a whole number";
}
