namespace CoupaGateway.Sandbox;

/// <summary>Reads the options of the stand-alone sandbox from its arguments.</summary>
internal static class CommandLine
{
    public const string Usage =
        "--port N --scale X --seed N --rate X --burst N --page-delay MS --token-lifetime S --token-warm-up S --client-id ID --client-secret SECRET --release N --log";

    /// <exception cref="FormatException">An argument is unknown, or its value is missing or no number.</exception>
    public static SandboxOptions Parse(IReadOnlyList<string> args)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
            switch (args[i])
            {
                case "--port": options.Port = int.Parse(Value()); break;
                case "--scale": options.Scale = double.Parse(Value()); break;
                case "--seed": options.Seed = int.Parse(Value()); break;
                case "--rate": options.Rate = double.Parse(Value()); break;
                case "--burst": options.Burst = int.Parse(Value()); break;
                case "--page-delay": options.PageDelay = TimeSpan.FromMilliseconds(double.Parse(Value())); break;
                case "--token-lifetime": options.TokenLifetime = TimeSpan.FromSeconds(double.Parse(Value())); break;
                case "--token-warm-up": options.TokenWarmUp = TimeSpan.FromSeconds(double.Parse(Value())); break;
                case "--client-id": options.ClientId = Value(); break;
                case "--client-secret": options.ClientSecret = Value(); break;
                case "--release": options.Release = int.Parse(Value()); break;
                case "--log": options.LogToConsole = true; break;
                default: throw new FormatException($"{args[i]} is not an option. Options: {Usage}");
            }
        }

        return options;
    }
}
