using System.Globalization;
using System.Text;
using CoupaGateway.Fuzz;
using SharpFuzz;

// instrument FILE…           rewrites assemblies so that SharpFuzz counts their branches
// loop SECONDS FOLDER [SEED]  the driver of this project
// afl                         for afl-fuzz, which starts the program itself
// libfuzzer                   for libfuzzer-dotnet
switch (args)
{
    case ["instrument", .. var files] when files.Length > 0:
        foreach (var file in files)
            Console.WriteLine($"{Path.GetFileName(file)}: {Fuzzer.Instrument(file, static _ => true, Options.Value).Count()} types");
        return 0;
    case ["loop", var seconds, var folder, .. var seed]:
        return Loop(seconds, folder, seed is [var number] ? number : "1");
    case ["afl"]:
        Afl();
        return 0;
    case ["libfuzzer"]:
        LibFuzzer();
        return 0;
    default:
        Console.Error.WriteLine("What to do? instrument FILE… | loop SECONDS FOLDER [SEED] | afl | libfuzzer");
        return 2;
}

// What loads the instrumented assembly is in methods of its own: it must not be loaded while it is rewritten.
static int Loop(string seconds, string folder, string seed) =>
    new FuzzLoop(folder, int.Parse(seed, CultureInfo.InvariantCulture)).Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))) == 0 ? 0 : 1;

static void Afl()
{
    // Made within the first run: before, nobody has said where branches are counted.
    UrlTarget? target = null;
    Fuzzer.Run(text => Expect((target ??= new()).Run(text)), bufferSize: 1 << 14);
}

static void LibFuzzer()
{
    UrlTarget? target = null;
    Fuzzer.LibFuzzer.Run(bytes => Expect((target ??= new()).Run(Encoding.UTF8.GetString(bytes))));
}

static void Expect(string? fault)
{
    if (fault is not null)
        throw new InvalidOperationException(fault);
}
