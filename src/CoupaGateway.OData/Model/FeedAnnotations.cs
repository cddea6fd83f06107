using CoupaGateway.OData.Deltas;
using CoupaGateway.OData.Downloads;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;

namespace CoupaGateway.OData.Model;

/// <summary>Says in <c>$metadata</c> what the feed can do. Whatever is announced works, whatever is denied is refused.</summary>
internal sealed class FeedAnnotations
{
    private const string Core = "Org.OData.Core.V1.";
    private const string AggregationTerms = "Org.OData.Aggregation.V1.";
    private const string Capabilities = "Org.OData.Capabilities.V1.";
    /// <summary>The gateway's own term, defined in the schema itself: columns with one domain can be joined.</summary>
    private const string PseudonymDomain = EdmModelFactory.Namespace + ".PseudonymDomain";

    private const string Validation = "Org.OData.Validation.V1.";

    /// <summary>The functions that <see cref="Translation.FunctionTranslator"/> knows, as clients are told.</summary>
    private static readonly string[] FilterFunctions =
    [
        "contains", "startswith", "endswith", "tolower", "toupper", "length", "indexof", "substring", "concat", "trim", "matchesPattern",
        "year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "time", "now", "mindatetime", "maxdatetime",
        "totaloffsetminutes", "totalseconds", "round", "floor", "ceiling", "cast", "isof", "case",
    ];

    /// <summary>The transformations that <see cref="Aggregation.ApplyTranslator"/> knows.</summary>
    private static readonly string[] Transformations =
        ["aggregate", "bottomcount", "compute", "concat", "filter", "groupby", "identity", "orderby", "search", "skip", "top", "topcount"];

    private readonly EdmModel _model;
    private readonly Dictionary<string, EdmTerm> _terms = new(StringComparer.Ordinal);

    private FeedAnnotations(EdmModel model) => _model = model;

    public static void AddTo(
        EdmModel model, string version, IReadOnlyCollection<TableSchema> tables, IReadOnlyDictionary<string, EdmEntityType> types, IReadOnlyDictionary<string, EdmEntitySet> sets,
        int maxExpandLevels)
    {
        AddReferences(model);
        var annotations = new FeedAnnotations(model);
        annotations.DefineTerms(tables);
        annotations.AddContainer((EdmEntityContainer)model.EntityContainer, version);
        foreach (var table in tables)
        {
            annotations.AddSet(sets[table.Name], table, maxExpandLevels);
            foreach (var column in table.Columns)
                annotations.AddProperty(types[table.Name].FindProperty(column.Name), column);
        }
    }

    private static void AddReferences(EdmModel model)
    {
        EdmReference Reference(string alias, string name)
        {
            var reference = new EdmReference(new Uri($"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{name}.xml"));
            reference.AddInclude(new EdmInclude(alias, name));
            return reference;
        }

        model.SetEdmReferences(
        [
            Reference("Core", "Org.OData.Core.V1"),
            Reference("Aggregation", "Org.OData.Aggregation.V1"),
            Reference("Capabilities", "Org.OData.Capabilities.V1"),
            Reference("Validation", "Org.OData.Validation.V1"),
        ]);
    }

    private void DefineTerms(IReadOnlyCollection<TableSchema> tables)
    {
        Define("Watermark", EdmPrimitiveTypeKind.DateTimeOffset, appliesTo: null, "Rows are those that Coupa had at this moment, or later. Asked for with Prefer: odata.include-annotations.");
        if (!tables.Any(static table => table.Columns.Any(static column => column.Pseudonym?.Domain is not null)))
            return;

        Define("PseudonymDomain", EdmPrimitiveTypeKind.String, "Property", "Equal values have equal tokens in all properties of one domain, and only there.");
    }

    private void Define(string name, EdmPrimitiveTypeKind type, string? appliesTo, string description)
    {
        var term = new EdmTerm(EdmModelFactory.Namespace, name, EdmCoreModel.Instance.GetPrimitive(type, isNullable: true), appliesTo);
        _model.AddElement(term);
        _terms.Add(term.FullName(), term);
        Add(term, Core + "Description", new EdmStringConstant(description));
    }

    private void AddContainer(EdmEntityContainer container, string version)
    {
        // It belongs to the schema, but ODL can annotate none.
        Add(container, Core + "SchemaVersion", new EdmStringConstant(version));
        Add(container, Capabilities + "ConformanceLevel", EnumMember("Org.OData.Capabilities.V1.ConformanceLevelType", "Minimal"));
        Add(container, Capabilities + "SupportedFormats", Strings(["application/json", .. DownloadFormats.MediaTypes]));

        // Power Query takes this for leave to send several requests at once, which is meant. The preference that it speaks of may come and is not followed, as any
        // preference may be (OData Protocol, section 8.2.8.8): whoever sends it gets the answer at once.
        Add(container, Capabilities + "AsynchronousRequestsSupported", new EdmBooleanConstant(true));
        Add(container, Capabilities + "BatchSupported", new EdmBooleanConstant(true));
        Add(container, Capabilities + "BatchContinueOnErrorSupported", new EdmBooleanConstant(true));
        Add(container, Capabilities + "BatchSupport", BatchSupport());
        Add(container, Capabilities + "QuerySegmentSupported", new EdmBooleanConstant(true));
        Add(container, Capabilities + "KeyAsSegmentSupported", new EdmBooleanConstant(false));
        Add(container, Capabilities + "CrossJoinSupported", new EdmBooleanConstant(false));
        Add(container, Capabilities + "FilterFunctions", Strings(FilterFunctions));
    }

    private void AddSet(EdmEntitySet set, TableSchema table, int maxExpandLevels)
    {
        if (table.Description is { } description)
            Add(set, Core + "Description", new EdmStringConstant(description));
        Add(set, Capabilities + "InsertRestrictions", Flags(("Insertable", false)));
        Add(set, Capabilities + "UpdateRestrictions", Flags(("Updatable", false)));
        Add(set, Capabilities + "DeleteRestrictions", Flags(("Deletable", false)));
        Add(set, Capabilities + "FilterRestrictions", Flags(("Filterable", true)));
        Add(set, Capabilities + "SortRestrictions", SortRestrictions(table));
        Add(set, Capabilities + "CountRestrictions", Flags(("Countable", true)));
        Add(set, Capabilities + "ExpandRestrictions", ExpandRestrictions(set.EntityType.NavigationProperties().Any(), maxExpandLevels));
        Add(set, Capabilities + "SearchRestrictions", Flags(("Searchable", Translation.SearchTranslator.Columns(table).Any())));
        Add(set, Capabilities + "SelectSupport", Flags(("Supported", true)));
        Add(set, Capabilities + "ChangeTracking", Flags(("Supported", ChangeTracking.IsSupported(table))));
        Add(set, Capabilities + "TopSupported", new EdmBooleanConstant(true));
        Add(set, Capabilities + "SkipSupported", new EdmBooleanConstant(true));
        Add(set, Capabilities + "ComputeSupported", new EdmBooleanConstant(true));
        Add(set, AggregationTerms + "ApplySupported", ApplySupported());
        Add(set, Capabilities + "IndexableByKey", new EdmBooleanConstant(true));
    }

    private void AddProperty(IEdmProperty property, ColumnSchema column)
    {
        if (DescriptionOf(column) is { } description)
            Add(property, Core + "Description", new EdmStringConstant(description));
        if (column.Pseudonym?.Domain is { } domain)
            Add(property, PseudonymDomain, new EdmStringConstant(domain));
        if (column.Kind is ColumnKind.Position or ColumnKind.ChangedAt)
            Add(property, Core + "Computed", new EdmBooleanConstant(true));
        if (!column.AllowedValues.IsEmpty)
            Add(property, Validation + "AllowedValues", AllowedValues(column.AllowedValues));
    }

    private static string? DescriptionOf(ColumnSchema column)
    {
        if (column.Pseudonym is not { } mark)
            return column.Description;

        var treated = mark.Algorithm switch
        {
            PseudonymAlgorithm.Null => "Personal data: always null.",
            PseudonymAlgorithm.Redact => "Personal data: replaced by a fixed text.",
            PseudonymAlgorithm.Truncate => $"Pseudonymized: the first {mark.Length} characters.",
            PseudonymAlgorithm.DateToMonth => "Pseudonymized: the month of the date.",
            PseudonymAlgorithm.DateToYear => "Pseudonymized: the year of the date.",
            PseudonymAlgorithm.EmailDomain => "Pseudonymized: a token of the address, and its domain in clear.",
            PseudonymAlgorithm.IdPermutation => "Pseudonymized: another number for each id, equal for equal ids.",
            _ => "Pseudonymized: a token, equal for equal values. It has no order and no parts.",
        };
        return column.Description is { } description ? $"{description} {treated}" : treated;
    }

    private void Add(IEdmVocabularyAnnotatable target, string term, IEdmExpression value)
    {
        if (!_terms.TryGetValue(term, out var known))
        {
            var dot = term.LastIndexOf('.');
            known = new EdmTerm(term[..dot], term[(dot + 1)..], EdmCoreModel.Instance.GetUntyped());
            _terms.Add(term, known);
        }

        var annotation = new EdmVocabularyAnnotation(target, known, value);
        annotation.SetSerializationLocation(_model, EdmVocabularyAnnotationSerializationLocation.Inline);
        _model.AddVocabularyAnnotation(annotation);
    }

    private static EdmCollectionExpression Strings(params string[] values) => new(values.Select(static value => new EdmStringConstant(value)));

    private static EdmRecordExpression Flags(params (string Name, bool Value)[] flags) =>
        new(flags.Select(static flag => new EdmPropertyConstructor(flag.Name, new EdmBooleanConstant(flag.Value))));

    private static EdmRecordExpression BatchSupport() => new(
    [
        .. Flags(
            ("Supported", true), ("ContinueOnErrorSupported", true), ("ReferencesInRequestBodiesSupported", false), ("ReferencesAcrossChangeSetsSupported", false),
            ("EtagReferencesSupported", false), ("RequestDependencyConditionsSupported", false)).Properties,
        new EdmPropertyConstructor("SupportedFormats", Strings("multipart/mixed", "application/json")),
    ]);

    private static EdmRecordExpression ExpandRestrictions(bool isExpandable, int maxLevels) => new(
        new EdmPropertyConstructor("Expandable", new EdmBooleanConstant(isExpandable)),
        new EdmPropertyConstructor("MaxLevels", new EdmIntegerConstant(maxLevels)));

    private static EdmRecordExpression ApplySupported() => new(
        new EdmPropertyConstructor("Transformations", Strings(Transformations)),
        new EdmPropertyConstructor("Rollup", EnumMember("Org.OData.Aggregation.V1.RollupType", "None")));

    private static EdmRecordExpression SortRestrictions(TableSchema table)
    {
        var tokens = table.Columns.Where(static column => column.IsTokenOnly).Select(static column => new EdmPropertyPathExpression(column.Name)).ToArray();
        return tokens.Length == 0
            ? Flags(("Sortable", true))
            : new(
                new EdmPropertyConstructor("Sortable", new EdmBooleanConstant(true)),
                new EdmPropertyConstructor("NonSortableProperties", new EdmCollectionExpression(tokens)));
    }

    private static EdmCollectionExpression AllowedValues(IEnumerable<string> values) =>
        new(values.Select(static value => new EdmRecordExpression(new EdmPropertyConstructor("Value", new EdmStringConstant(value)))));

    private static EdmEnumMemberExpression EnumMember(string type, string member)
    {
        var dot = type.LastIndexOf('.');
        var enumType = new EdmEnumType(type[..dot], type[(dot + 1)..]);
        return new(enumType.AddMember(member, new EdmEnumMemberValue(0)));
    }
}
