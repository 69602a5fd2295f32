using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Chasqui.Tests.Architecture;

/// <summary>One built assembly as its metadata and instructions show it: nothing of it is loaded or run.</summary>
/// <remarks>
/// Seen: base types, interfaces, constraints, fields, signatures, locals, catch clauses and every operand of every instruction.
/// Not seen: attributes (the compiler writes many) and what is reached by name at run time.
/// </remarks>
internal sealed class AssemblyScan
{
    // Both are closed when the constructor is done: everything is read in it.
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly TypeNameCollector _names = new();
    private readonly HashSet<Use> _uses = [];

    private AssemblyScan(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        References = [.. _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name))];
        PInvokes = [.. _metadata.MethodDefinitions.Where(IsPInvoke).Select(NameOf)];
        MutableStatics = [.. _metadata.FieldDefinitions.Where(IsMutableStatic).Select(NameOf)];
        foreach (var handle in _metadata.TypeDefinitions)
        {
            ReadType(handle);
        }
    }

    /// <summary>Everything that the assembly's members refer to, each once.</summary>
    public IReadOnlyCollection<Use> Uses => _uses;

    /// <summary>Simple names of the assemblies referred to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Methods implemented by a native library.</summary>
    public IReadOnlyList<string> PInvokes { get; }

    /// <summary>Static fields that can be assigned after start, without those that the compiler made for itself.</summary>
    public IReadOnlyList<string> MutableStatics { get; }

    /// <summary>Reads an assembly that lies beside the running program.</summary>
    public static AssemblyScan Read(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var file = new PEReader(stream);
        return new AssemblyScan(file);
    }

    private static bool IsMadeByCompiler(string name) =>
        // The field behind a property is ours: `static X { get; set; }` is state like any other.
        name.Contains('<') && !name.EndsWith(">k__BackingField", StringComparison.Ordinal);

    private static string Outermost(string type)
    {
        var nested = type.IndexOf('+');
        return nested < 0 ? type : type[..nested];
    }

    private bool IsPInvoke(MethodDefinitionHandle handle) =>
        (_metadata.GetMethodDefinition(handle).Attributes & MethodAttributes.PinvokeImpl) != 0;

    private bool IsMutableStatic(FieldDefinitionHandle handle)
    {
        var field = _metadata.GetFieldDefinition(handle);
        var isMutable = (field.Attributes & FieldAttributes.Static) != 0
            && (field.Attributes & (FieldAttributes.InitOnly | FieldAttributes.Literal)) == 0;
        return isMutable
            && !IsMadeByCompiler(_metadata.GetString(field.Name))
            && !IsMadeByCompiler(TypeNameCollector.NameOf(_metadata, field.GetDeclaringType()));
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var name = TypeNameCollector.NameOf(_metadata, handle);
        var from = Outermost(name);
        AddEntity(from, name, type.BaseType);
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            AddEntity(from, name, _metadata.GetInterfaceImplementation(implementation).Interface);
        }

        AddConstraints(from, name, type.GetGenericParameters());
        foreach (var field in type.GetFields())
        {
            _metadata.GetFieldDefinition(field).DecodeSignature(_names, null);
            AddNames(from, NameOf(field));
        }

        foreach (var method in type.GetMethods())
        {
            ReadMethod(from, method);
        }
    }

    private void ReadMethod(string from, MethodDefinitionHandle handle)
    {
        var method = _metadata.GetMethodDefinition(handle);
        var where = NameOf(handle);
        method.DecodeSignature(_names, null);
        AddNames(from, where);
        AddConstraints(from, where, method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
            AddNames(from, where);
        }

        foreach (var region in body.ExceptionRegions)
        {
            AddEntity(from, where, region.CatchType);
        }

        foreach (var operand in IlOperands.Read(body.GetILReader()))
        {
            AddEntity(from, where, operand);
        }
    }

    private void AddConstraints(string from, string where, GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters)
        {
            foreach (var constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                AddEntity(from, where, _metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void AddEntity(string from, string where, EntityHandle entity)
    {
        if (entity.IsNil)
        {
            return;
        }

        switch (entity.Kind)
        {
            case HandleKind.TypeDefinition:
                Add(from, where, TypeNameCollector.NameOf(_metadata, (TypeDefinitionHandle)entity), null);
                break;
            case HandleKind.TypeReference:
                Add(from, where, TypeNameCollector.NameOf(_metadata, (TypeReferenceHandle)entity), null);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)entity).DecodeSignature(_names, null);
                AddNames(from, where);
                break;
            case HandleKind.MethodSpecification:
                var instance = _metadata.GetMethodSpecification((MethodSpecificationHandle)entity);
                instance.DecodeSignature(_names, null);
                AddNames(from, where);
                AddEntity(from, where, instance.Method);
                break;
            default:
                AddMember(from, where, entity);
                break;
        }
    }

    private void AddMember(string from, string where, EntityHandle entity)
    {
        switch (entity.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)entity);
                Add(from, where, TypeNameCollector.NameOf(_metadata, method.GetDeclaringType()), _metadata.GetString(method.Name));
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)entity);
                Add(from, where, TypeNameCollector.NameOf(_metadata, field.GetDeclaringType()), _metadata.GetString(field.Name));
                break;
            case HandleKind.MemberReference:
                AddMemberReference(from, where, _metadata.GetMemberReference((MemberReferenceHandle)entity));
                break;
            default:
                throw new BadImageFormatException($"{where}: an instruction refers to a {entity.Kind}");
        }
    }

    private void AddMemberReference(string from, string where, MemberReference member)
    {
        var name = _metadata.GetString(member.Name);
        var owner = member.Parent.Kind switch
        {
            HandleKind.TypeReference => TypeNameCollector.NameOf(_metadata, (TypeReferenceHandle)member.Parent),
            HandleKind.TypeDefinition => TypeNameCollector.NameOf(_metadata, (TypeDefinitionHandle)member.Parent),
            HandleKind.TypeSpecification =>
                _metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(_names, null),
            _ => "",
        };
        Add(from, where, owner, name);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            member.DecodeMethodSignature(_names, null);
        }
        else
        {
            member.DecodeFieldSignature(_names, null);
        }

        AddNames(from, where);
    }

    private void AddNames(string from, string where)
    {
        foreach (var name in _names.Take())
        {
            Add(from, where, name, null);
        }
    }

    private void Add(string from, string where, string type, string? member) => _uses.Add(new Use(from, where, type, member));

    private string NameOf(MethodDefinitionHandle handle)
    {
        var method = _metadata.GetMethodDefinition(handle);
        return $"{TypeNameCollector.NameOf(_metadata, method.GetDeclaringType())}.{_metadata.GetString(method.Name)}";
    }

    private string NameOf(FieldDefinitionHandle handle)
    {
        var field = _metadata.GetFieldDefinition(handle);
        return $"{TypeNameCollector.NameOf(_metadata, field.GetDeclaringType())}.{_metadata.GetString(field.Name)}";
    }
}
