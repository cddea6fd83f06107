using System.Collections.Frozen;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>Words in column names that suggest personal data.</summary>
internal static class PersonalNames
{
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "email", "emails", "mail", "phone", "mobile", "fax", "telephone", "login", "username", "fullname", "firstname", "lastname", "middlename", "surname",
        "nickname", "person", "contact", "attention", "birthday", "birthdate", "birth", "gender", "iban", "ssn", "passport", "salary", "avatar", "photo",
        "signature", "employee", "requester", "approver", "buyer", "owner", "comment", "comments", "note", "notes", "street1", "street2");

    /// <summary>The first such word of a name; null when there is none.</summary>
    public static string? FindIn(string column) => column.Split('_').FirstOrDefault(Words.Contains);
}
